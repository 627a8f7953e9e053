"""Several storage accounts.

spread.py     one table over all of them
moving.py     a tenant, moved from one to another
copying.py    its rows, copied
"""
