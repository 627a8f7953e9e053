"""What is told of the app while it runs: logs, metrics and traces.

Where things happen, they are told through OpenTelemetry's API, which costs next to nothing while nobody listens; below
the ledger by storage/instruments.py. Where it all goes is said once, when the app begins.

observation.py      one request, or one run of a timer
logs.py             what happened, in a sentence, with ids as fields
instruments.py      the metrics of what calls us
roll_up.py          what a roll-up tells of tenants: how far behind reports are, which seats are left
user_names.py       how a user is named: by the id, or a hash of it
start.py            starts telemetry, once, for the composition root
providers.py        OpenTelemetry's SDK: the only module that imports it
azure_monitor.py    one way out
console.py          the other one
temporality.py      each figure is told once

Never told: a body, a token, a key, a display name or principal name.
"""
