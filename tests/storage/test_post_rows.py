"""Posts and answers as rows: read back as written, None where they cannot be read, and within the service's limits."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.actors import Administrator
from domain.changes import Stamp
from domain.licenses import LICENSES_PER_USER, License, User
from domain.sign_ins import SignIn
from storage.rows.posts import (
    BELL_KEY,
    PARTS_MAX,
    PROCESSES_MAX,
    Answers,
    Post,
    PostedClaim,
    PostedSignIn,
    answers_of,
    answers_row,
    bell_row,
    inbox_of,
    is_older,
    parts_of,
    post_of,
    post_row,
    posted_content,
    tenant_of,
)
from storage.rows.users import KnownUser
from storage.tables.limits import check_entity, check_transaction
from tests.domain.tenants import TENANT_ID, guid
from tests.storage.test_rows import guids, optional_names, sequences, times, user_ids, users

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

sign_ins = st.builds(
    SignIn,
    st.just(TENANT_ID),
    st.lists(user_ids, max_size=3).map(tuple),
    user_ids,
    optional_names,
    optional_names,
    optional_names,
    st.none() | times,
)
etags = st.from_regex(r"W/\"[a-z0-9%']{1,30}\"", fullmatch=True)
process_ids = st.from_regex(r"[0-9a-f]{8}", fullmatch=True)
numbers = st.integers(0, 10**9)


@st.composite
def posted_sign_ins(draw: st.DrawFn) -> PostedSignIn:
    """A sign-in, and its user as any process may have read it."""
    sign_in = draw(sign_ins)
    seen = replace(draw(users), id=sign_in.user_id)
    unique = {held.sku_id: held for held in seen.licenses}
    seen = replace(seen, licenses=tuple(unique.values()))
    is_there = draw(st.booleans())
    known = KnownUser(seen, draw(etags), draw(sequences)) if is_there else KnownUser(User(seen.id), None)
    return PostedSignIn(draw(user_ids), sign_in, known, draw(st.integers(0, 5_000)) / 1000)


claims = st.builds(PostedClaim, guids, st.builds(Stamp, sequences, times, st.integers(0, 97)), sequences)


@st.composite
def any_answers(draw: st.DrawFn) -> Answers:
    """Answers as a leader gives them: all claims of a commit have its time and its configuration."""
    claimed: dict[int, PostedClaim] = {}
    for place, claim in draw(st.dictionaries(st.integers(0, 199), claims, max_size=8)).items():
        same = next((each for each in claimed.values() if each.stamp.sequence == claim.stamp.sequence), claim)
        stamp = replace(same.stamp, place=claim.stamp.place)
        claimed[place] = PostedClaim(claim.sku_id, stamp, same.configuration_sequence)
    unchanged, failed = (frozenset(draw(st.sets(st.integers(0, 199)))) for _ in range(2))
    processes = draw(st.integers(0, PROCESSES_MAX))
    return Answers(draw(numbers), processes, draw(st.booleans()), claimed, unchanged, failed)


@given(process_ids, numbers, process_ids, times, st.lists(posted_sign_ins(), max_size=4), st.integers(0, PARTS_MAX - 1))
def test_a_post_is_read_back_as_it_was_written(  # noqa: PLR0913, PLR0917 - what a post is made of
    process_id: str, number: int, leader: str, at: datetime, posted: list[PostedSignIn], part: int
) -> None:
    row = post_row(TENANT_ID, part, process_id, number, leader, at, map(posted_content, posted))
    check_entity(row)
    assert tenant_of(row["PartitionKey"]) == TENANT_ID
    assert post_of(TENANT_ID, row) == Post(process_id, number, leader, at, tuple(posted))


@given(process_ids, any_answers(), times)
def test_answers_are_read_back_as_they_were_written(process_id: str, answers: Answers, at: datetime) -> None:
    row = answers_row(TENANT_ID, process_id, answers, at)
    check_entity(row)
    assert tenant_of(row["PartitionKey"]) == TENANT_ID
    assert answers_of(row) == answers


def test_each_part_of_the_inbox_is_the_tenants() -> None:
    partitions = {inbox_of(TENANT_ID, part) for part in range(PARTS_MAX)}
    assert len(partitions) == PARTS_MAX
    assert {tenant_of(partition) for partition in partitions} == {TENANT_ID}
    assert tenant_of(TENANT_ID) == TENANT_ID


nonsense: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.just(NOW)
    | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
properties = st.sampled_from(
    ["content", "number", "at", "leader", "processes", "isBusy", "parts", "RowKey", "PartitionKey"]
)


@given(st.dictionaries(properties, nonsense), st.sets(properties), posted_sign_ins(), any_answers())
def test_a_row_with_nonsense_in_it_is_none_or_something_and_never_an_error(
    changed: Mapping[str, Any], gone: set[str], posted: PostedSignIn, answers: Answers
) -> None:
    changed = {**changed, "RowKey": str(changed.get("RowKey", "post:one"))}
    for row in (
        post_row(TENANT_ID, 0, "one", 1, "led", NOW, [posted_content(posted)]),
        answers_row(TENANT_ID, "one", answers, NOW),
        bell_row(TENANT_ID, 1, NOW),
    ):
        damaged = {name: value for name, value in {**row, **changed}.items() if name not in gone - {"RowKey"}}
        post_of(TENANT_ID, damaged)
        answers_of(damaged)
        is_older(damaged, NOW)
        assert 1 <= parts_of(damaged) <= PARTS_MAX


ANN = PostedSignIn("token", SignIn(TENANT_ID, ("app",), "ann"), KnownUser(User("ann"), "etag", 3), 0.5)


TEXT = posted_content(ANN)


def with_ann(old: str, new: str, times: int = -1) -> str:
    """Ann's post with something else in it."""
    assert old in TEXT
    return f"[{TEXT.replace(old, new, times)}]"


def written(text: str) -> dict[str, Any]:
    """A post with this content."""
    return {**post_row(TENANT_ID, 0, "one", 1, "led", NOW, []), "content": text}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        "[[]]",
        "[" * 100_000,
        f"[{TEXT[:-1]}, 1]]",
        with_ann('"ann"', '"bob"', 1),
        with_ann('"ann"', '"a/b"'),
        with_ann('"ann"', f'"{"a" * 1100}"'),
        with_ann('"etag"', "null"),
        with_ann(",3,", ',"3",'),
        with_ann(",3,", ",-3,"),
        with_ann(",500", ",0.5"),
        with_ann('"displayName":null', '"displayName":5'),
        with_ann('["app"]', "[5]"),
    ],
)
def test_a_post_that_is_not_as_written_is_none(text: str) -> None:
    assert post_of(TENANT_ID, written(f"[{TEXT}]"))
    assert text != f"[{TEXT}]"
    assert post_of(TENANT_ID, written(text)) is None


def answered(unchanged: set[int]) -> Answers:
    """Answers in which nobody claims."""
    return Answers(1, 2, is_busy=False, claims={}, unchanged=unchanged, failed=())


def test_a_post_that_names_nobody_to_decide_it_is_none() -> None:
    row = written(f"[{TEXT}]")
    assert post_of(TENANT_ID, {name: value for name, value in row.items() if name != "leader"}) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", "x"),
        ("number", "-1"),
        ("number", math.inf),
        ("processes", "2"),
        ("isBusy", "no"),
        ("content", "[[]]"),
    ],
)
def test_answers_that_are_not_as_written_are_none(name: str, value: object) -> None:
    row = answers_row(TENANT_ID, "one", answered({1}), NOW)
    assert answers_of(row)
    assert answers_of({**row, name: value}) is None


def test_a_number_of_processes_that_cannot_be_is_not_believed() -> None:
    """Whoever looks seldom because there are so many would wait for ever."""
    answers = answers_of({**answers_row(TENANT_ID, "one", answered(set()), NOW), "processes": 10**9})
    assert answers
    assert answers.processes <= PROCESSES_MAX


@pytest.mark.parametrize(("parts", "believed"), [(0, 1), (2, 2), (10**9, PARTS_MAX), ("2", 1), (None, 1)])
def test_a_bell_tells_of_so_many_parts_as_there_can_be(parts: object, believed: int) -> None:
    assert parts_of({**bell_row(TENANT_ID, 1, NOW), "parts": parts}) == believed
    assert bell_row(TENANT_ID, 1, NOW)["RowKey"] == BELL_KEY


def test_a_row_is_old_by_what_it_says_or_because_it_says_nothing() -> None:
    row = bell_row(TENANT_ID, 1, NOW)
    assert not is_older(row, NOW)
    assert is_older(row, NOW + timedelta(milliseconds=1))
    for at in (None, 5, "", "2026-01-05", NOW):
        assert is_older({**row, "at": at}, NOW - timedelta(days=1000))


def laden(user_id: str) -> PostedSignIn:
    """A person with as many licenses, turned-off service plans and long names as there can be."""
    name = "\N{GRINNING FACE}" * 128
    off = tuple(guid(number) for number in range(200))
    held = [License(guid(number), off, NOW, Administrator(guid(1), name)) for number in range(LICENSES_PER_USER)]
    user = User(user_id, name, name, tuple(held))
    sign_in = SignIn(TENANT_ID, tuple(f"{number:0128}" for number in range(10)), user_id, name, name, "x" * 128, NOW)
    return PostedSignIn("token", sign_in, KnownUser(user, "W/\"datetime'2026-01-05T08%3A00%3A00.0000000Z'\"", 3), 1.0)


def test_one_person_alone_fits_whatever_the_person_holds() -> None:
    row = post_row(TENANT_ID, 0, "one", 1, "led", NOW, [posted_content(laden("u" * 128))])
    check_transaction([row, bell_row(TENANT_ID, 1, NOW)])
    assert post_of(TENANT_ID, row)


def test_the_longest_answers_to_a_post_fit() -> None:
    """200 people who each claimed another product, in as many commits as that may take."""
    answers = {place: PostedClaim(guid(place), Stamp(10**14 + place, NOW, 97), 10**14) for place in range(200)}
    check_entity(
        answers_row(TENANT_ID, "one", Answers(10**9, 99, is_busy=True, claims=answers, unchanged=(), failed=()), NOW)
    )
