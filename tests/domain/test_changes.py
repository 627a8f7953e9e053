"""What a state is after a change: counts that follow from the users, and a digest that adds up."""

from hypothesis import given
from hypothesis import strategies as st

from domain.changes import Change, Stamp, UserChange, apply
from domain.licenses import DIGEST_MODULUS, License, PolicyClaim, User, digest_of
from domain.policies import delete_policy
from domain.tenant import remembered
from tests.domain.tenants import (
    ADA,
    ANY,
    E1,
    E3,
    EXCHANGE,
    POLICY,
    START,
    TEAMS1,
    Tenant,
    app,
    guid,
    product,
    teams_tenant,
)

OTHER = guid(0xB1)


def test_counts_follow_what_users_hold() -> None:
    tenant = teams_tenant(product(E1, 2), product(E3))
    for user_id in ("ann", "bob", "cid"):
        tenant.sign_in(user_id)
    tenant.assign("dan", E3)
    assert tenant.state.head.assigned == {E1: 2, E3: 2}
    assert tenant.state.head.held == {POLICY: 3}

    tenant.take_back("ann")
    tenant.take_back("dan")
    assert tenant.state.head.assigned == {E1: 1, E3: 1}
    assert tenant.state.head.held == {POLICY: 2}


def test_only_a_living_policy_has_a_count() -> None:
    tenant = teams_tenant()
    tenant.put_app(app("mail", EXCHANGE))
    tenant.put_product(product(E3, plans=(EXCHANGE,)))
    tenant.create_policy(E3, policy_id=OTHER, app_id="mail")
    tenant.assign("ann", E1, EXCHANGE)
    tenant.sign_in("ann", "mail")
    tenant.sign_in("bob")
    assert tenant.state.head.held == {OTHER: 1, POLICY: 1}

    tenant.done(delete_policy, policy_id=OTHER, precondition=ANY)
    assert tenant.state.head.held == {POLICY: 1}

    tenant.take_back("ann")
    assert tenant.state.head.held == {POLICY: 1}
    assert tenant.state.head.assigned == {E1: 1}


def test_a_commit_moves_the_sequence_and_only_an_administrators_edit_the_configurations() -> None:
    tenant = teams_tenant()
    touched = tenant.state.head.configuration_sequence
    assert touched == tenant.state.head.sequence

    tenant.sign_in("ann")

    head = tenant.state.head
    assert (head.sequence, head.configuration_sequence) == (touched + 1, touched)
    tenant.edit_policy(enabled=False)
    assert tenant.state.head.configuration_sequence == touched + 2


def test_the_digest_is_zero_again_once_everything_is_taken_back() -> None:
    tenant = teams_tenant(product(E1), product(E3))
    tenant.sign_in("ann")
    alone = tenant.state.head.digest
    tenant.assign("bob", E3)
    assert tenant.state.head.digest == (alone + digest_of(tenant.user("bob"))) % DIGEST_MODULUS
    tenant.assign("bob", E3, TEAMS1)
    tenant.take_back("bob")
    assert tenant.state.head.digest == alone != 0
    tenant.take_back("ann")
    assert tenant.state.head.digest == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.sampled_from(["", TEAMS1])), max_size=12))
def test_the_digest_is_the_sum_over_users_in_whatever_order_it_came_about(
    steps: list[tuple[str, int, str]],
) -> None:
    tenant = Tenant()
    for number in range(4):
        tenant.put_product(product(guid(number)))
    for user_id, number, off in steps:
        tenant.assign(user_id, guid(number), *filter(None, [off]))
    assert tenant.state.head.digest == sum(map(digest_of, tenant.users.values())) % DIGEST_MODULUS


def test_every_fact_of_a_license_is_in_the_digest() -> None:
    claim = PolicyClaim(POLICY, "Name", "app", "s-1", 7, 2)
    licenses = [
        License(E1, (), START, claim),
        License(E3, (), START, claim),
        License(E1, (TEAMS1,), START, claim),
        License(E1, (), START.replace(minute=1), claim),
        License(E1, (), START, PolicyClaim(OTHER, "Name", "app", "s-1", 7, 2)),
        License(E1, (), START, PolicyClaim(POLICY, "Name", "app", "s-1", 8, 2)),
        License(E1, (), START, PolicyClaim(POLICY, "Name", "app", "s-1", 7, 3)),
        License(E1, (), START, ADA),
    ]
    digests = {digest_of(User(user_id, licenses=(held,))) for held in licenses for user_id in ("ann", "bob")}
    assert len(digests) == 2 * len(licenses)
    assert digest_of(User("ann")) == 0


def test_a_change_of_users_leaves_the_configuration_untouched() -> None:
    tenant = teams_tenant()
    before = tenant.state
    given_ = User("ann", licenses=(License(E1, (), START, ADA),))
    after = apply(before, Change(entries=(), users=(UserChange(User("ann"), given_),)), Stamp(9, START))
    assert after.configuration is before.configuration
    assert before.head.assigned == {}


def test_what_a_policy_remembers_is_told_by_when_each_plan_was_added() -> None:
    tenant = teams_tenant(product(E1, plans=(TEAMS1, EXCHANGE)), product(E3, plans=(TEAMS1, EXCHANGE)))
    chosen = tuple(
        type(each)(each.sku_id, (EXCHANGE,)) for each in tenant.state.configuration.policies[POLICY].products
    )
    tenant.edit_policy(products=chosen)
    written = tenant.state.configuration.policies[POLICY]

    tenant.put_product(product(E1, plans=(TEAMS1,)))
    assert remembered(written, tenant.state.configuration.products).products == (
        type(chosen[0])(E1),
        chosen[1],
    )
    tenant.put_product(product(E1, plans=(EXCHANGE, TEAMS1)))
    assert remembered(written, tenant.state.configuration.products).products[0].disabled_service_plan_ids == ()
    assert remembered(written, tenant.state.configuration.products) == tenant.state.configuration.policies[POLICY]


def test_a_policy_that_lost_nothing_is_the_same_object() -> None:
    tenant = teams_tenant()
    policy = tenant.state.configuration.policies[POLICY]
    assert remembered(policy, tenant.state.configuration.products) is policy
