"""The administrator's pages on this machine: their files, their configuration and a way to sign in.

`pages.py` decides what a path below `/` gets and with which headers, `tokens.py` gives a token to whoever signs in.
They are built by `localhost/install.py`; what they are made of is in the folder portal/.
"""
