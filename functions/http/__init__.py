"""What all HTTP operations share.

operations.py    an operation: its route, who may, its body; runs a request through the order of faults
bodies.py        bytes -> JSON -> a request model, strictly
errors.py        every error as an answer: the one place that knows statuses
answers.py       answers, and the headers that all have
preconditions.py If-Match and If-None-Match
admission.py     who is let in, and as whom
media_types.py   what a request's Accept header prefers
parameters.py    parts of paths and query parameters
paging.py        lists in pages, with links that hold only where they were made
"""
