"""How things are written down: each kind of row, with its keys, and what is read of it.

posts.py         inbox and outbox, by which processes that cannot call each other do
reports.py       daily counts
lives.py         a tenant's beginning: its numbers go on from where an earlier life ended
retention.py     how far the journal was pruned
journal.py       commits, and the journal read in order
users.py         users and their licenses
state.py         the head and the configuration
tombstones.py    heads that say where a tenant is not
content.py       keys, content and checks that all of them share
texts.py         texts of any length in properties that have a limit
"""
