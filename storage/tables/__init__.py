"""The service: a few operations on rows, their limits, and what goes wrong.

removal.py       a stretch of rows, removed
fences.py        rows that guard what one run writes, until another run writes them
table.py         reads and transactions, and what their failures mean
wire.py          the two hottest by hand
shared_key.py    how they are signed where there is an account's key
operations.py    the words for rows read and written
limits.py        what the service takes
clock.py         the time of commits
"""
