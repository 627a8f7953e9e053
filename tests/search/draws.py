"""What Hypothesis draws: what is asked of a process, and what becomes of its calls."""

from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

from tests.domain.tenants import E1, E3, EXCHANGE, TEAMS, TEAMS1, TEAMS_ESSENTIALS
from tests.search.asked import (
    Assign,
    CheckIntegrity,
    CreatePolicy,
    DeletePolicy,
    DeleteProduct,
    DeleteTenant,
    EditPolicy,
    EraseNames,
    LookAtReport,
    LookAtState,
    LookAtUser,
    LookElsewhere,
    MoveTenant,
    Prune,
    PutApp,
    PutProduct,
    Rebuild,
    RollUp,
    SignIn,
    TakeBack,
    Turn,
)
from tests.search.calls import Fate
from tests.search.processes import ACCOUNTS, FIRST, SECOND

PROCESSES: Final = 3
SKUS: Final = [E1, E3]
PLANS: Final = [TEAMS1, TEAMS_ESSENTIALS, EXCHANGE]
APPS: Final = [TEAMS, "mail"]
USERS: Final = ["ann", "bob", "cid"]
LAST, ONE_BEFORE = "the last policy", "the one before"


@dataclass(frozen=True, slots=True)
class SetUp:
    """The administrator's script that makes a tenant, step by step.

    Attributes:
        total: The seats of the primary product.
        products: Which products there are, in assigning order.
        same_policy: Whether the policy has the id that the last one had.
    """

    total: int
    products: tuple[str, ...] = (E1, E3)
    same_policy: bool = True


processes = st.integers(0, PROCESSES - 1)
some_plans = st.sets(st.sampled_from(PLANS), min_size=1).map(lambda chosen: tuple(sorted(chosen)))
off = st.sampled_from([(), (), (EXCHANGE,), (TEAMS1,)])
chosen_products = st.lists(
    st.tuples(st.sampled_from(SKUS), off), min_size=1, max_size=2, unique_by=lambda each: each[0]
)
products = chosen_products.map(tuple)
fates = st.sampled_from([Fate.THROUGH] * 8 + [Fate.CARRIED_OUT] * 4 + [Fate.LOST, Fate.LATE, Fate.SHORT, Fate.REFUSED])
picks = st.lists(st.tuples(st.integers(0, 11), fates), min_size=1, max_size=20)
sign_ins = st.builds(
    SignIn, st.sampled_from(USERS), st.sampled_from([*APPS[:1] * 3, "mail"]), st.sampled_from([None, "s-1", "s-2"])
)
administration = st.one_of(
    st.builds(TakeBack, st.sampled_from(USERS), st.sampled_from([None, *SKUS])),
    st.builds(Assign, st.sampled_from(USERS), st.sampled_from(SKUS), off),
    st.builds(Turn, st.sampled_from([True, True, False])),
    st.builds(PutProduct, st.sampled_from(SKUS), st.integers(0, 3), some_plans, st.sampled_from([True, True, False])),
    st.builds(DeleteProduct, st.sampled_from(SKUS)),
    st.builds(PutApp, st.sampled_from(APPS), some_plans, st.booleans()),
)
totals = st.integers(1, 3) | st.integers(1, 12)
minutes = st.one_of(st.just([0] * PROCESSES), st.lists(st.integers(-3, 3), min_size=PROCESSES, max_size=PROCESSES))
"""By how much the clocks differ. Whose clock is wrong is neither led nor listened to for long."""

misfortunes = st.sampled_from(["time passes", "a process is cut off", "a process dies", "a caller gives up"])
misfortunes_of_posts = st.sampled_from(["all vanish", "one vanishes", "one is damaged", "one comes again"])
nonsense = st.sampled_from(
    [
        {"content": "{"},
        {"content": "null"},
        {"content": "[[1]]"},
        {"content": "[[],[],[1,2,3,4,5]]"},
        {"number": "many"},
        {"number": "-1"},
        {"number": "999999"},
        {"at": "zzz"},
        {"at": "0000"},
        {"parts": "several"},
        {"parts": 99},
        {"processes": "some"},
        {"format": 99},
    ]
)
"""What stands in a row instead of what should: as nobody writes it."""

policy_edits = st.one_of(
    st.builds(
        EditPolicy, st.sampled_from([LAST, ONE_BEFORE]), st.sampled_from([None, True, False]), st.none() | products
    ),
    st.builds(EditPolicy, st.sampled_from([LAST, ONE_BEFORE]), st.none(), products),
    st.builds(CreatePolicy, st.just(LAST), st.sampled_from(APPS), products),
    st.sampled_from([DeletePolicy(LAST), DeletePolicy(ONE_BEFORE), EditPolicy(LAST, enabled=True)]),
)
looks = st.sampled_from(
    [LookAtReport(), CheckIntegrity(), LookAtState(), LookElsewhere(), *(LookAtUser(user) for user in USERS[:2])]
)
erasures = st.builds(EraseNames, st.sampled_from(USERS))
chores = st.one_of(st.sampled_from([RollUp(), Prune(), Rebuild()]), erasures)
accounts = st.sampled_from(ACCOUNTS)
set_ups = st.builds(
    SetUp, st.integers(1, 3), st.sampled_from([(E1, E3), (E1, E3), (E3, E1), (E1,), (E3,)]), st.booleans()
)
begun_again = set_ups.map(lambda set_up: (DeleteTenant(), set_up))
moved = st.sampled_from([(MoveTenant(SECOND),), (MoveTenant(SECOND), MoveTenant(FIRST))])
held_up = st.one_of(
    sign_ins,
    administration,
    st.sampled_from([RollUp(), Prune(), DeleteTenant()]),
    st.sampled_from([MoveTenant(SECOND), LookAtReport(), CheckIntegrity()]),
    chores,
)
"""What comes to a stand at some call of its, while something else happens."""

tugs = st.one_of(
    st.builds(Turn, st.booleans()),
    st.builds(EditPolicy, st.just(LAST), st.booleans()),
    st.builds(PutProduct, st.just(E1), st.integers(0, 3), st.just(tuple(sorted(PLANS)))),
    sign_ins,
    st.builds(TakeBack, st.sampled_from(USERS), st.none()),
)
"""What several pull to and fro, each of them undoing what another one did."""

calls = st.one_of(st.integers(0, 4), st.integers(0, 24))
stands = st.sampled_from([None, Fate.CARRIED_OUT, Fate.LATE])
meanwhiles = st.one_of(
    begun_again,
    begun_again,
    set_ups.map(lambda set_up: (set_up,)),
    st.one_of(administration, chores, looks).map(lambda what: (what,)),
    moved,
)
