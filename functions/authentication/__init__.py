"""Who calls: administrators and Entra, by bearer tokens (JWT) that are verified here.

`principals` says who it is and what they may, on top of `tokens` (is it genuine), `signing_keys` (whose key is it,
kept for a day), `key_set` (what a JSON Web Key Set holds) and `fetch` (the one request to the network).
"""
