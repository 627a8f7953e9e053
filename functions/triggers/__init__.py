"""One file for each resource of administrators. A trigger parses, calls one function, answers.

me.py           who the caller is
settings.py     the tenant's settings
apps.py         what users sign in to
products.py     purchased subscriptions
policies.py     auto-claim policies
users.py        who has what; assigning by hand and taking back
claims.py       lists of claims, as JSON or as a file
reports.py      what was claimed in the last 1, 7, 30 or 90 days
periods.py      what requests ask of the two: the period, and a policy
audit.py        every change, newest first
integrity.py    whether users, counts, journal and reports agree
health.py       whether the app can work
openapi.py      the API's own description
docs.py         a page to read that and to try it
"""
