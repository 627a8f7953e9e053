"""A search for a history that breaks a rule of a tenant: see machine.py for what happens, history.py for what may.

CI searches the same examples each time. To search elsewhere, for as long as wanted:

    AUTOCLAIM_SEARCH_EXAMPLES=20000 PYTHONHASHSEED=0 python -m pytest tests/search/test_search.py --timeout 0

What it finds is kept in .hypothesis and tried first at the next such run; PYTHONHASHSEED, because the order of the
product's sets is the one chance that Hypothesis does not draw. AUTOCLAIM_SEARCH_NUMBERS_REPEAT=1 looks on behind a bug
that lets a tenant made again count from 1.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.search.machine import ProcessesMachine

EXAMPLES = int(os.environ.get("AUTOCLAIM_SEARCH_EXAMPLES") or 0)
CI_EXAMPLES = 200
STEPS = 40

ProcessesMachine.TestCase.settings = settings(
    max_examples=EXAMPLES or CI_EXAMPLES,
    stateful_step_count=STEPS,
    derandomize=not EXAMPLES,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
TestAnyHistory = pytest.mark.slow(ProcessesMachine.TestCase)
