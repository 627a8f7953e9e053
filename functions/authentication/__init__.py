"""Who calls: administrators and Entra, by bearer tokens (JWT) that are verified here.

principals.py      who a token speaks for, and what they may
tokens.py          whether it is genuine, and meant for this API
signing_keys.py    the keys of trusted issuers, kept for a day
key_set.py         what a JSON Web Key Set holds
fetch.py           the one request to the network
errors.py          why a caller is not believed
"""
