"""What the real table service does and Azurite does not, put before every Azurite that a test starts.

before_azurite.cjs   loaded into Azurite's process: reads each request, refuses it, answers it or passes it on
limits.cjs           the service's documented limits, written again, not taken from the product
freedoms.cjs         pages cut short, empty pages, a page too many, by a seed
pages.py             how a test says which pages it wants
test_limits.py       each limit, met and exceeded by raw requests
test_freedoms.py     the pages, and that the same seed gives the same ones
"""
