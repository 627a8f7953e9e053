"""What the clock starts.

roll_up.py          counts claims into reports, removes what is too old
nightly_check.py    checks every tenant's integrity
rounds.py           how tenants are visited: several at once, on from where the last run ended
"""
