"""Where it is kept: the ledger on Azure Table Storage. The only place that knows azure.data.tables.

ledger.py       one tenant's committer for each tenant in use
committer.py    group commit: decides what waits, writes it as one transaction, decides again if it lost
standing.py     what one process knows of a tenant: the state, its ETag, users read since
rows.py         rows and domain objects, and the checks of what was read
table.py        the few operations of Table Storage that the ledger is made of: the seam to the SDK
"""
