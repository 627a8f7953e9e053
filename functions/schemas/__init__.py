"""Requests and answers as pydantic models: they validate, they document, and they are turned into domain objects.

settings.py     the tenant's settings
apps.py         apps
products.py     products
policies.py     policies
users.py        users, the holders of products, and what is asked for of a license
licenses.py     licenses, as parts of others' answers
people.py       actors and users, as parts of others' answers
claims.py       claims, also as rows of a file
reports.py      the auto-claim report
audit.py        the audit log
integrity.py    integrity checks, and their progress in links
health.py       the app's health
errors.py       the body of every error
fields.py       the types of fields, and what all models have in common
"""
