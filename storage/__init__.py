"""Where it is kept: the ledger on Azure Table Storage, and what is counted from it.

The only place that knows Azure's tables. A room imports what stands below it:

    accounts/          several storage accounts as one, and tenants that move between them
    upkeep/            what the clock and operators do: roll-up rounds, retention, erasure, deletion, checks
    reports/           what is counted from the journal, and read
    engine/            claims: who waits, what is decided, and the one transaction that makes it true
    rows/              how all of it is written down
    tables/            the few operations that all this is made of, and what goes wrong there
    instruments.py     what storage tells of itself
"""
