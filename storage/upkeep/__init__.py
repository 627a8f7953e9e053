"""What the clock and operators do with a tenant, or with all.

upkeep.py          all of it, for those who call it
deletion.py        everything of a tenant
erasure.py         a person's names
retention.py       what is older than it is kept
integrity.py       what is stored, held against the journal
day_checks.py      daily counts, held against it
post_removal.py    what processes wrote to each other
tenants.py         which tenants there are
changes.py         which of them changed
rounds.py          how far a round of all came
"""
