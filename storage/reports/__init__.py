"""What is counted from the journal, and read.

figures.py    of one tenant, for whoever watches the app
records.py    what was written, for those who read
counts.py     the report's counts: the rows, and the journal's tail that is not in them yet
rollup.py     the journal, counted into rows
closing.py    a tenant's reports, closed before it is deleted or moved
"""
