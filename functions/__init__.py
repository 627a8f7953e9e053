"""What calls us: HTTP triggers and timers, requests and answers, authentication, errors as HTTP.

sources/           who tells of sign-ins: one file for each kind of source
triggers/          one blueprint for each resource of administrators: parse, call one function, answer
timers/            what the clock starts
schemas/           requests and answers as pydantic models, and JSON <-> domain
http/              what all operations share: the order of faults, bodies, errors, paging
authentication/    who calls, and what they may
composition.py     the composition root: the only module that imports storage
settings/          the app's settings, read once and checked
"""
