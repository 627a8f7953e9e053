"""Who tells of sign-ins: one file for each kind of source, from the request's shape to its answer.

sign_ins.py    any source that sends our own shape, one sign-in or a hundred
entra.py       Microsoft Entra, before it issues a token
settling.py    what all of them do with a sign-in
"""
