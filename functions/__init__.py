"""What calls us: HTTP triggers and timers, requests and answers, authentication, errors as HTTP.

triggers/          one blueprint for each resource: parse, call one function, answer
schemas/           requests and answers as pydantic models, and JSON <-> domain
http/              what all operations share: the order of faults, bodies, errors, paging
authentication/    who calls, and what they may
composition.py     the composition root: the only module that imports storage
settings.py        the only module that reads the environment
"""
