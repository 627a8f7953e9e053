"""What calls us: HTTP and the clock, and an operator by hand.

api.py              all operations of the HTTP API
sources/            who tells of sign-ins: one file for each kind of source
triggers/           one file for each resource of administrators: parse, call one function, answer
timers/             what the clock starts
operate.py          what an operator runs by hand
openapi/            the API, described
docs_page/          a page to read that and to try it
composition.py      the composition root: makes what the app is made of, and alone imports storage
create_tables.py    creates the tables
http/               what all operations share: the order of faults, bodies, errors, paging
schemas/            requests and answers as pydantic models, and JSON <-> domain
authentication/     who calls, and what they may
telemetry/          logs, metrics and traces
settings/           the app's settings, read once and checked
version.py          the product's version
"""
