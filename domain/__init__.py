"""What is true: the rules of licenses, policies and claims, as pure functions over frozen dataclasses.

Imports the standard library and itself, nothing else. Time, ids and randomness come in as arguments.

    catalog.py, licenses.py, tenant.py     what there is: apps, products, policies; licenses and users; a tenant's state
    sign_ins.py                            a sign-in claims a license
    settings.py … policies.py, assignments.py   what administrators change
    changes.py, refusals.py, versions.py, journal.py   what a decision leads to
    ledger.py, records.py, upkeep.py       what the rules need of storage
    claims.py, history.py, directory.py, reports.py, integrity.py   looking back
"""
