"""Inbox and outbox of a tenant: rows by which processes that cannot call each other do (see storage.engine.posts).

Each process has one row in each, which it replaces. All of this is advice: what cannot be read, or is lost, costs time.
Every row has an `at`, when it was written: after a day it is removed (storage.upkeep.post_removal).

Table `ledger`, PartitionKey = `inbox:<tenant id>`, and `inbox:<tenant id>:<1 to 3>` for posts of many processes:

    bell                  written with every post: tells whether it is worth looking
    post:<process id>     sign-ins that the process asks the leader to decide, and their users as it read them
    turn:<process id>     an administrator's change waits there: the leader lets it go first

PartitionKey = `outbox:<tenant id>`:

    answer:<process id>   what came of the sign-ins in the last post of the process
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.changes import Stamp
from domain.licenses import User
from domain.sign_ins import SignIn
from domain.times import format_time, parse_time
from storage.rows.content import (
    UNREADABLE,
    Row,
    content_of,
    content_row,
    count_of,
    exactly,
    texts_of,
    to_json,
    user_key,
)
from storage.rows.texts import text_properties
from storage.rows.users import KnownUser, user_content, user_of_content
from storage.tables.limits import ENTITY_BYTES, StorageLimitExceededError, check_key

INBOX: Final = "inbox:"
OUTBOX: Final = "outbox:"
BELL_KEY: Final = "bell"
POSTS_START: Final = "post:"
TURNS_START: Final = "turn:"
INBOX_END: Final = "turn;"
ANSWERS_START: Final = "answer:"

PROCESSES_PER_PART: Final = 16
PARTS_MAX: Final = 4
"""With more processes the inbox has so many parts."""

PROCESSES_MAX: Final = 1_000
"""More are not believed: the more there are, the less often each looks, and a damaged number must stop nobody."""

_UNREADABLE: Final = (*UNREADABLE, OverflowError, RecursionError, StorageLimitExceededError)

POST_CHARACTERS_MAX: Final = ENTITY_BYTES // 8
"""How many characters a post may have: a character takes up to four bytes, and there are other properties."""


@dataclass(frozen=True, slots=True)
class PostedSignIn:
    """One sign-in of a post.

    Attributes:
        token: Names this sign-in for good; the journal keeps it beside what it claimed.
        sign_in: The sign-in.
        seen: Its user as the process read it, or takes it to be. The commit checks it.
        waited_seconds: How long its caller had waited when it was posted.
    """

    token: str
    sign_in: SignIn
    seen: KnownUser
    waited_seconds: float


@dataclass(frozen=True, slots=True)
class Post:
    """What a process would like to be decided.

    Attributes:
        process_id: Whose it is.
        number: Which of its posts. Greater than those before.
        leader: The process that is asked to decide. Nobody else may.
        at: When it was posted, by the storage's clock as that process knows it.
        sign_ins: The sign-ins, in order.
    """

    process_id: str
    number: int
    leader: str
    at: datetime
    sign_ins: tuple[PostedSignIn, ...]


@dataclass(frozen=True, slots=True)
class PostedClaim:
    """What a posted sign-in has claimed.

    Attributes:
        sku_id: The product.
        stamp: The commit, and which of its entries.
        configuration_sequence: Names the configuration that it was decided on.
    """

    sku_id: str
    stamp: Stamp
    configuration_sequence: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known so far of a post.

    Attributes:
        number: The post's.
        processes: How many processes posted lately.
        is_busy: Whether the tenant's partition is too busy for commits: whoever sees it reads less from it.
        claims: By place in the post.
        unchanged: Places of those for whom nothing was to be changed, and nothing will be: the process that posted them
            tells them why.
        failed: Places of those of whom it is not known what became of them, because the storage did not answer.
    """

    number: int
    processes: int
    is_busy: bool
    claims: Mapping[int, PostedClaim]
    unchanged: Collection[int]
    failed: Collection[int]


def tenant_of(partition: str) -> str:
    """The tenant whose inbox or outbox a partition is; any other partition as it is."""
    return partition.removeprefix(INBOX).removeprefix(OUTBOX).partition(":")[0]


def inbox_of(tenant_id: str, part: int) -> str:
    """The PartitionKey of a part of the inbox. A partition gives 2,000 rows a second: many processes need several."""
    return INBOX + tenant_id + (f":{part}" if part else "")


def post_row(  # noqa: PLR0913, PLR0917 - what it is made of
    tenant_id: str, part: int, process_id: str, number: int, leader: str, at: datetime, sign_ins: Iterable[str]
) -> Row:
    """A process's post; each sign-in as `posted_content` gives it."""
    text = f"[{','.join(sign_ins)}]"
    row: Row = {"PartitionKey": inbox_of(tenant_id, part), "RowKey": POSTS_START + process_id}
    return {**row, **text_properties("content", text), "number": str(number), "leader": leader, "at": format_time(at)}


def posted_content(posted: PostedSignIn) -> str:
    """A sign-in of a post, as JSON."""
    sign_in, seen = posted.sign_in, posted.seen
    return to_json(
        [
            posted.token,
            sign_in.app_references,
            sign_in.user_id,
            sign_in.principal_name,
            sign_in.display_name,
            sign_in.sign_in_id,
            sign_in.signed_in_at and format_time(sign_in.signed_in_at),
            user_content(seen.user) if seen.etag else None,
            seen.etag,
            seen.sequence,
            round(1000 * posted.waited_seconds),
        ]
    )


def post_of(tenant_id: str, row: Row) -> Post | None:
    """The inverse of `post_row`; None for a row that cannot be read."""
    try:
        return Post(
            row["RowKey"].removeprefix(POSTS_START),
            count_of(int(row["number"])),
            exactly(str, row["leader"]),
            parse_time(row["at"]),
            tuple(_posted_of(tenant_id, *content) for content in exactly(list, content_of(row))),
        )
    except _UNREADABLE:
        return None


def _posted_of(  # noqa: PLR0913, PLR0917 - a sign-in's parts
    tenant_id: str,
    token: object,
    apps: object,
    user_id: object,
    principal_name: str | None,
    display_name: str | None,
    sign_in_id: str | None,
    signed_in_at: str | None,
    user: Mapping[str, Any] | None,
    etag: str | None,
    sequence: object,
    waited: object,
) -> PostedSignIn:
    check_key("RowKey", user_key(exactly(str, user_id)))
    sign_in = SignIn(
        tenant_id,
        texts_of(apps),
        exactly(str, user_id),
        _text_or_none(principal_name),
        _text_or_none(display_name),
        _text_or_none(sign_in_id),
        parse_time(signed_in_at) if signed_in_at else None,
    )
    seen = user_of_content(user) if user else User(sign_in.user_id)
    if seen.id != sign_in.user_id or (user is None) != (etag is None):
        raise ValueError("another user's row")
    for name in (seen.principal_name, seen.display_name):
        _text_or_none(name)
    known = KnownUser(seen, _text_or_none(etag), count_of(sequence))
    return PostedSignIn(exactly(str, token), sign_in, known, count_of(waited) / 1000)


def _text_or_none(value: object) -> str | None:
    return None if value is None else exactly(str, value)


def bell_row(tenant_id: str, parts: int, at: datetime) -> Row:
    """Tells whoever looks that something was posted, in one of so many parts."""
    return {"PartitionKey": INBOX + tenant_id, "RowKey": BELL_KEY, "parts": parts, "at": format_time(at)}


def parts_of(bell: Row) -> int:
    """How many parts of the inbox that bell tells of."""
    parts = bell.get("parts")
    return min(max(parts, 1), PARTS_MAX) if isinstance(parts, int) else 1


def turn_row(tenant_id: str, process_id: str, at: datetime) -> Row:
    """An administrator's change waits in that process."""
    return {"PartitionKey": INBOX + tenant_id, "RowKey": TURNS_START + process_id, "at": format_time(at)}


def answers_row(tenant_id: str, process_id: str, answers: Answers, at: datetime) -> Row:
    """What is known so far of a process's post. Many look at it, so it is short."""
    commits: dict[int, tuple[PostedClaim, list[list[object]]]] = {}
    for place, claim in answers.claims.items():
        _, claims = commits.setdefault(claim.stamp.sequence, (claim, []))
        claims.append([place, claim.sku_id, claim.stamp.place])
    content: list[object] = [sorted(answers.unchanged), sorted(answers.failed)]
    for sequence, (first, claims) in commits.items():
        skus = sorted({str(sku_id) for _, sku_id, _ in claims})
        places = [[place, skus.index(str(sku_id)), entry] for place, sku_id, entry in claims]
        content.append([sequence, format_time(first.stamp.at), first.configuration_sequence, skus, places])
    row = content_row(OUTBOX + tenant_id, ANSWERS_START + process_id, content)
    told = {"number": str(answers.number), "processes": answers.processes, "isBusy": answers.is_busy}
    return {**row, **told, "at": format_time(at)}


def answers_of(row: Row) -> Answers | None:
    """The inverse of `answers_row`; None for a row that cannot be read."""
    try:
        unchanged, failed, *commits = content_of(row)
        claims: dict[int, PostedClaim] = {}
        for sequence, at, configuration_sequence, skus, places in commits:
            for place, sku, entry in places:
                stamp = Stamp(count_of(sequence), parse_time(at), count_of(entry))
                claims[count_of(place)] = PostedClaim(exactly(str, skus[sku]), stamp, count_of(configuration_sequence))
        number, processes = count_of(int(row["number"])), min(count_of(row["processes"]), PROCESSES_MAX)
        places_of = [frozenset(map(count_of, places)) for places in (unchanged, failed)]
        return Answers(number, processes, exactly(bool, row["isBusy"]), claims, *places_of)
    except _UNREADABLE:
        return None


def is_older(row: Row, moment: datetime) -> bool:
    """Whether a row of inbox or outbox was written before that moment, or does not say when."""
    try:
        return parse_time(row["at"]) < moment
    except _UNREADABLE:
        return True
