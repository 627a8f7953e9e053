"""Rows and what they mean: read back as written, in the order that the ledger counts on, and loud when damaged."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.actors import Administrator, SignInSource
from domain.catalog import App, Policy, PolicyProduct, Product, RetiredPolicy, ServicePlan, TenantSettings
from domain.errors import LedgerDamagedError
from domain.journal import Action, Entry, JournalRecord
from domain.licenses import License, PolicyClaim, User
from domain.tenant import Configuration, Head, remembered
from domain.times import whole_milliseconds
from storage.rows import content as rows
from storage.rows import journal as journal_rows
from storage.rows import state as state_rows
from storage.rows import users as user_rows
from storage.tables.limits import check_entity
from storage.tables.operations import Operation, Write
from tests.domain.tenants import E1, E3, EXCHANGE, POLICY, TEAMS, TEAMS1, TENANT_ID, guid
from tests.storage.processes import Process

Row = dict[str, Any]

names = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12) | st.sampled_from(
    ["\N{GRINNING FACE}" * 128, '"' * 128, "\\" * 128, "\u00e9" * 128]
)
optional_names = st.none() | names
guids = st.uuids().map(str)
sequences = st.integers(0, 10**14)
times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(whole_milliseconds)  # noqa: DTZ001 - Hypothesis adds the zone
administrators = st.builds(Administrator, guids, optional_names)
guid_lists = st.lists(guids, max_size=4, unique=True).map(tuple)
counts = st.dictionaries(guids, st.integers(0, 10**7), max_size=5)
heads = st.builds(Head, sequences, times, sequences, counts, counts, st.integers(0, 2**128 - 1))
apps = st.builds(App, st.from_regex(r"[a-z._~-]{3,20}", fullmatch=True), names, guid_lists, guid_lists, sequences)
plans = st.builds(ServicePlan, guids, names, names, sequences)
products = st.builds(
    Product, guids, names, names, st.integers(0, 10**7), st.lists(plans, max_size=4).map(tuple), sequences
)
claims = st.builds(PolicyClaim, guids, names, names, optional_names, sequences, st.integers(0, 97))
licenses = st.builds(License, guids, guid_lists, times, claims | administrators)
user_ids = st.from_regex(r"[A-Za-z0-9._~@|:+=-]{3,30}", fullmatch=True)
users = st.builds(User, user_ids, optional_names, optional_names, st.lists(licenses, max_size=4).map(tuple))
details = st.dictionaries(names, st.none() | st.booleans() | st.integers() | names | st.lists(names), max_size=4)
entries = st.builds(Entry, administrators | st.just(SignInSource()), st.sampled_from(Action), names, details)
records = st.builds(JournalRecord, sequences, times, st.uuids().map(lambda u: u.hex), st.lists(entries).map(tuple))


@st.composite
def configurations(draw: st.DrawFn) -> Configuration:
    """Any configuration whose policies name apps and products that it has."""
    made_apps = {each.id: each for each in draw(st.lists(apps, min_size=1, max_size=3))}
    made_products = {each.sku_id: each for each in draw(st.lists(products, min_size=1, max_size=3))}

    def policy(app_id: str) -> Policy:
        chosen = draw(st.lists(st.sampled_from(sorted(made_products)), min_size=1, max_size=3, unique=True))
        return Policy(
            draw(guids),
            draw(names),
            app_id,
            draw(st.booleans()),
            tuple(PolicyProduct(sku_id, draw(guid_lists)) for sku_id in chosen),
            draw(times),
            draw(administrators),
            draw(times),
            draw(administrators),
            draw(sequences),
        )

    made_policies = [policy(app_id) for app_id in made_apps]
    return Configuration(
        TenantSettings(draw(st.booleans()), draw(sequences)),
        made_apps,
        made_products,
        {each.id: remembered(each, made_products) for each in made_policies},
    )


def configuration_rows(configuration: Configuration) -> list[Row]:
    resources: list[state_rows.Resource] = [
        configuration.settings,
        *configuration.apps.values(),
        *configuration.products.values(),
        *configuration.policies.values(),
    ]
    return [state_rows.resource_row(TENANT_ID, each) for each in resources]


@given(heads)
def test_a_head_is_read_back(head: Head) -> None:
    row = state_rows.head_row(TENANT_ID, head)
    check_entity(row)
    assert state_rows.head_of(row) == head


@settings(max_examples=50)
@given(configurations(), st.randoms(use_true_random=False))
def test_a_configuration_is_read_back_in_whatever_order_its_rows_come(
    configuration: Configuration, order: random.Random
) -> None:
    written = configuration_rows(configuration)
    for row in written:
        check_entity(row)
    order.shuffle(written)
    assert state_rows.configuration_of(written) == configuration


@given(users, sequences)
def test_a_user_is_read_back(user: User, sequence: int) -> None:
    row = user_rows.user_row(TENANT_ID, user, sequence)
    check_entity(row)
    assert user_rows.user_of(row) == user


@settings(max_examples=50)
@given(records)
def test_a_commit_is_read_back(record: JournalRecord) -> None:
    row = journal_rows.journal_row(TENANT_ID, record)
    check_entity(row)
    assert journal_rows.journal_record_of(row) == record


@given(guids, names, names)
def test_what_is_remembered_of_a_policy_is_read_back(policy_id: str, name: str, app_name: str) -> None:
    retired = RetiredPolicy(policy_id, name, app_name)
    assert state_rows.retired_policy_of(state_rows.retired_policy_row(TENANT_ID, retired)) == retired


LONG = User(
    "long",
    "\N{GRINNING FACE}" * 256,
    '"\\' * 128,
    tuple(
        License(
            guid(number),
            tuple(guid(plan) for plan in range(200)),
            datetime(2026, 1, 5, tzinfo=UTC),
            PolicyClaim(POLICY, "\u00e9" * 128, TEAMS, "s" * 128, 10**14, 97),
        )
        for number in range(50)
    ),
)
"""As much as one user can hold: 50 licenses of products with 200 plans, all off."""


async def test_rows_are_read_back_from_the_storage_itself(process: Process, tenant_id: str) -> None:
    few = [
        User("plain"),
        User("A.~@|:+=-", "\u00e9@contoso.example", "Zo\u00eb \N{GRINNING FACE}\u2028'\"\\<&"),
        LONG,
    ]
    record = JournalRecord(
        10**14,
        datetime(2026, 1, 5, tzinfo=UTC),
        "id",
        (Entry(SignInSource(), Action.LICENSE_CLAIMED, "t", {"a": "\x7f"}),),
    )
    written = [
        *(user_rows.user_row(tenant_id, user, 7) for user in few),
        journal_rows.journal_row(tenant_id, record),
        state_rows.head_row(tenant_id, Head(10**14, datetime(2026, 1, 5, tzinfo=UTC), 3, {E1: 10**7}, {}, 2**128 - 1)),
    ]
    await process.table.commit([Operation(Write.INSERT, row) for row in written])

    for row in written:
        stored = await process.table.get(tenant_id, row["RowKey"])
        assert stored
        assert {name: value for name, value in stored.row.items() if name != "Timestamp"} == row
    for user in few:
        stored = await process.table.get(tenant_id, rows.user_key(user.id))
        assert stored
        assert user_rows.user_of(stored.row) == user


def test_as_much_as_one_user_can_hold_fits_into_a_row() -> None:
    check_entity(user_rows.user_row(TENANT_ID, LONG, 10**14))


def test_keys_come_in_the_order_that_the_ledger_counts_on() -> None:
    keys = [
        rows.journal_key(10**15 - 1),
        rows.journal_key(11),
        rows.journal_key(10),
        rows.journal_key(9),
        rows.journal_key(1),
        rows.RETENTION_KEY,
        rows.retired_policy_key(POLICY),
        rows.HEAD_KEY,
        rows.app_key("-"),
        rows.app_key("~~~"),
        rows.policy_key(POLICY),
        rows.product_key(E1),
        rows.SETTINGS_KEY,
        rows.user_key("+"),
        rows.user_key("~"),
    ]
    assert keys == sorted(keys)
    of_the_state = [key for key in keys if rows.HEAD_KEY <= key < rows.STATE_END]
    assert of_the_state == keys[7:13]
    assert [key for key in keys if rows.JOURNAL_START <= key < rows.JOURNAL_END] == keys[:5]
    assert [key for key in keys if rows.USERS_START <= key < rows.USERS_END] == keys[13:]


@given(st.lists(st.integers(1, 10**15 - 1), min_size=2, max_size=5, unique=True))
def test_newer_commits_come_first(numbers: list[int]) -> None:
    assert sorted(numbers, key=rows.journal_key) == sorted(numbers, reverse=True)


HEAD = state_rows.head_row(TENANT_ID, Head(7, datetime(2026, 1, 5, tzinfo=UTC), 3, {E1: 2}, {POLICY: 1}, 5))
USER = user_rows.user_row(
    TENANT_ID,
    User("ann", "a@b", None, (License(E1, (), datetime(2026, 1, 5, tzinfo=UTC), Administrator(guid(1), "Ada")),)),
    7,
)
RECORD = journal_rows.journal_row(
    TENANT_ID,
    JournalRecord(
        7, datetime(2026, 1, 5, tzinfo=UTC), "id", (Entry(SignInSource(), Action.LICENSE_CLAIMED, "users/ann", {}),)
    ),
)
SETTINGS = state_rows.resource_row(TENANT_ID, TenantSettings(auto_claim_enabled=True, version=1))
APP = state_rows.resource_row(TENANT_ID, App(TEAMS, "Teams", ("c",), (TEAMS1,), 1))
PRODUCT = state_rows.resource_row(TENANT_ID, Product(E1, "P", "Product", 5, (ServicePlan(TEAMS1, "T", "Teams", 1),), 2))
ADA = Administrator(guid(1), "Ada")
POLICY_ROW = state_rows.resource_row(
    TENANT_ID,
    Policy(
        POLICY,
        "Policy",
        TEAMS,
        True,  # noqa: FBT003 - a field of the record
        (PolicyProduct(E1, (EXCHANGE,)),),
        datetime(2026, 1, 5, tzinfo=UTC),
        ADA,
        datetime(2026, 1, 5, tzinfo=UTC),
        ADA,
        3,
    ),
)
CONFIGURATION = [SETTINGS, APP, PRODUCT, POLICY_ROW]


def read(row: Row) -> object:
    """What the row says, with the rest of the configuration if it is one of it."""
    key: str = row["RowKey"]
    readers: dict[str, Callable[[Row], object]] = {
        "state": state_rows.head_of,
        "user": user_rows.user_of,
        "journal": journal_rows.journal_record_of,
    }
    if key.startswith("state:"):
        return state_rows.configuration_of([row if each["RowKey"] == key else each for each in CONFIGURATION])
    return readers[key.partition(":")[0]](row)


def edited(row: Row, **content: Any) -> Row:
    """The row with fields of its content changed."""
    return {**row, "content": json.dumps({**json.loads(row["content"]), **content})}


WHOLE = [HEAD, USER, RECORD, *CONFIGURATION]


OTHER_CONTENTS = [
    (row, content)
    for row in WHOLE
    for content in (None, "", "{", "[]", "{}", "null", "7", '"text"', "[[]]", "[1]")
    # A commit's content is a list of entries, and these can be taken for an empty one.
    if row is not RECORD or content not in {"[]", "{}"}
]


@pytest.mark.parametrize(
    ("row", "content"),
    OTHER_CONTENTS,
    ids=lambda part: part["RowKey"].partition("-")[0] if isinstance(part, dict) else part,
)
def test_a_row_with_another_content_is_damaged_and_named(row: Row, content: str | None) -> None:
    assert read(row)
    damaged = {**row, "content": content}
    if content is None:
        del damaged["content"]
    with pytest.raises(LedgerDamagedError, match=f"{TENANT_ID}/{row['RowKey']}"):
        read(damaged)


FIELDS = [(row, name) for row in (HEAD, USER, *CONFIGURATION) for name in json.loads(row["content"])]


@pytest.mark.parametrize(("row", "name"), FIELDS, ids=lambda part: part if isinstance(part, str) else "")
def test_a_row_without_one_of_its_fields_is_damaged(row: Row, name: str) -> None:
    content = json.loads(row["content"])
    del content[name]
    with pytest.raises(LedgerDamagedError, match=row["RowKey"]):
        read({**row, "content": json.dumps(content)})


@pytest.mark.parametrize("name", ["sequence", "at", "commitId"])
def test_a_commit_without_one_of_its_properties_is_damaged(name: str) -> None:
    with pytest.raises(LedgerDamagedError, match="journal:"):
        read({key: value for key, value in RECORD.items() if key != name})


@pytest.mark.parametrize("number", [0, 2, 99, "1", None])
def test_a_head_of_another_format_is_refused(number: object) -> None:
    with pytest.raises(LedgerDamagedError, match="format"):
        read({**HEAD, "format": number})


@pytest.mark.parametrize(
    "row",
    [
        edited(HEAD, at="2026-01-05"),
        edited(HEAD, sequence="seven"),
        edited(HEAD, digest="xyz"),
        edited(HEAD, assigned={E1: -1}),
        edited(HEAD, assigned={E1: "2"}),
        edited(HEAD, held=[POLICY]),
        edited(USER, licenses=[{}]),
        edited(USER, licenses=[{"skuId": E1, "off": [], "at": "never", "by": {"id": "i", "name": None}}]),
        edited(USER, licenses=[{"skuId": E1, "off": [], "at": "2026-01-05T00:00:00.000Z", "by": {}}]),
        edited(PRODUCT, servicePlans=[[TEAMS1]]),
        edited(POLICY_ROW, products=[[E1]]),
        edited(POLICY_ROW, createdAt="2026-01-05"),
        edited(POLICY_ROW, modifiedBy={}),
        {**RECORD, "content": '[[{},"license.stolen","users/ann",{}]]'},
        {**RECORD, "content": '[[{},"license.claimed","users/ann"]]'},
        {**RECORD, "at": "2026-01-05"},
        {**RECORD, "sequence": "seven"},
    ],
)
def test_a_value_of_another_form_is_damage(row: Row) -> None:
    with pytest.raises(LedgerDamagedError, match=row["RowKey"]):
        read(row)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(edited(SETTINGS, autoClaimEnabled="no"), id="a text for the switch turns claiming on"),
        pytest.param(edited(PRODUCT, totalLicenses="5"), id="a text for a total"),
        pytest.param(edited(PRODUCT, totalLicenses=-5), id="a total below 0"),
        pytest.param(edited(POLICY_ROW, enabled="no"), id="a text for a policy's switch"),
        pytest.param(edited(POLICY_ROW, version="3"), id="a text for a version"),
        pytest.param(edited(APP, clientAppIds="abc"), id="a text for a list of ids"),
        pytest.param(edited(USER, id="bob"), id="a user under another's key: bob's licenses become ann's"),
        pytest.param(edited(USER, licenses=json.loads(USER["content"])["licenses"] * 2), id="a product held twice"),
        pytest.param({**RECORD, "sequence": "8"}, id="a commit under another's key"),
    ],
)
def test_a_value_of_another_type_or_place_is_damage(row: Row) -> None:
    with pytest.raises(LedgerDamagedError, match=row["RowKey"]):
        read(row)


def test_the_error_names_the_row_and_not_its_content() -> None:
    with pytest.raises(LedgerDamagedError) as raised:
        read(edited(USER, licenses=[{"skuId": E1, "off": [], "at": "Ann Smith", "by": {"id": "i", "name": None}}]))
    assert "Ann Smith" not in str(raised.value)


@pytest.mark.parametrize("gone", [APP, PRODUCT])
def test_a_policy_that_names_what_is_not_there_is_damage(gone: Row) -> None:
    with pytest.raises(LedgerDamagedError, match=POLICY):
        state_rows.configuration_of([row for row in CONFIGURATION if row is not gone])


def test_a_row_of_an_unknown_kind_is_damage() -> None:
    with pytest.raises(LedgerDamagedError, match="state:secret"):
        state_rows.configuration_of([{**SETTINGS, "RowKey": "state:secret"}])
    assert E3 not in state_rows.configuration_of(CONFIGURATION).products
