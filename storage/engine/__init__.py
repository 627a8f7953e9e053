"""Claims.

The way of one, from above:

ledger.py          one committer for each tenant in use
committer.py       group commit: decides what waits, writes it as one transaction, decides again if it lost
posts/             where several processes have something to commit, one commits for all
telling.py         the answers, given
confirming.py      answers that need no commit
ahead.py           the next batch, decided while the one before is committed
transaction.py     a commit whose outcome is known, also when the answer to it was lost
commit.py          the transaction that makes a draft true
drafting.py        a batch decided on a standing
waiting.py         those who wait for it
standing.py        what one process knows of a tenant: the state and its ETag
known_users.py     and which users it has read or written
backlog.py         who is looked at, who is sent away, and until when
pace.py            slower after the storage was too busy
"""
