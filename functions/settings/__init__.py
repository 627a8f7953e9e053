"""The app's settings: the environment, read once and checked.

environment.py     every setting's name; the only module that reads the environment
issuers.py         whose tokens are trusted
accounts.py        the storage accounts that tenants live in
telemetry.py       what is told of the app, and to whom
checks.py          what all of them share: a setting that does not fit, and how it is said
"""
