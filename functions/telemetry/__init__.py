"""What is told of the app while it runs: logs, metrics and traces.

Where things happen, they are told through `logs.tell` and OpenTelemetry's API, which cost next to nothing while nobody
listens: `observation` for a request or a timer's run, `instruments` for metrics, `storage.instruments` below the
ledger. `start` is called once, by the composition root, and says where it all goes: `providers` is the only module that
imports OpenTelemetry's SDK, with `console` and `azure_monitor` as its two ways out.

Never told: a body, a token, a key, a display name or principal name. A user's id is told, or a hash of it
(`user_names`).
"""
