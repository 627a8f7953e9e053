"""Where it is kept: the ledger on Azure Table Storage, and what is counted from it.

The only place that knows Azure's tables.

A claim's way, from above:

    ledger.py        one committer for each tenant in use
    committer.py     group commit: decides what waits, writes it as one transaction, decides again if it lost
    waiting.py       those who wait for it
    standing.py      what one process knows of a tenant: the state and its ETag
    known_users.py   and which users it has read or written
    drafting.py      a batch decided on a standing
    ahead.py         the next batch, decided while the one before is committed
    commit.py        the transaction that makes a draft true
    lives.py         the beginning of a tenant: its numbers go on from where an earlier life ended
    transaction.py   a commit whose outcome is known, also when the answer to it was lost
    confirming.py    answers that need no commit
    telling.py       the answers, given
    pace.py          slower after the storage was too busy; backlog.py: who is sent away, and until when
    table.py         the few operations that all this is made of, and what goes wrong there
    wire.py          the two hottest of them by hand, signed by shared_key.py where there is an account's key

Where several processes have something to commit, one commits for all:

    leadership.py    which one: advice that the head carries
    following.py     what the others do: they post what would change something
    posting.py       a post, and what is heard of it
    inbox.py         what the leader takes in, and answers
    post_rows.py     the rows by which they do so; post_removal.py deletes them

Where there are several storage accounts, accounts.py is a table over all of them. A tenant moves from one to another by
moving.py, with copying.py; tombstones.py are the heads that say where it is not.

What upkeep writes is guarded by fences.py; removal.py deletes a stretch of rows, and closing.py closes reports before a
deletion or a move.

clock.py is the time of commits; operations.py are the words for rows read and written; instruments.py is what all this
tells of itself.

How things are written down: rows.py (keys, content, checks), state_rows.py, user_rows.py, journal_rows.py,
report_rows.py, retention_rows.py, texts.py, limits.py.

What is derived and looked after: journal.py, rollup.py, counts.py, records.py, integrity.py, day_checks.py,
retention.py, erasure.py, deletion.py, upkeep.py, figures.py.

Whom upkeep visits: tenants.py (which there are), changes.py (notes of those that changed), rounds.py (how far a round
of all came).
"""
