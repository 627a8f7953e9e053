"""Inbox and outbox of a tenant: rows by which processes that cannot call each other do (see storage.inbox).

Each process has one row in each, which it replaces. All of this is advice: what cannot be read, or is lost, costs time.

Table `ledger`, PartitionKey = `inbox:<tenant id>`:

    bell                  written with every post: tells whether it is worth looking
    post:<process id>     sign-ins that the process would like to be decided, and their users as it read them
    turn:<process id>     an administrator's change waits there: the leader lets it go first

PartitionKey = `outbox:<tenant id>`:

    answer:<process id>   what came of the sign-ins in the last post of the process
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.errors import LedgerDamagedError, LedgerError, LedgerUnavailableError
from domain.ledger import Settled
from domain.licenses import User
from domain.sign_ins import ClaimAnswer, Outcome, SignIn
from domain.tenant import Configuration, Head, TenantState
from domain.times import format_time, parse_time
from storage.known_users import KnownUser
from storage.limits import ENTITY_BYTES
from storage.operations import Operation, Write
from storage.rows import UNREADABLE, Row, content_of, content_row, count_of, exactly, texts_of, to_json
from storage.state_rows import head_content, head_of_content
from storage.texts import text_properties
from storage.user_rows import license_content, license_of_content, user_content, user_of_content

INBOX: Final = "inbox:"
OUTBOX: Final = "outbox:"
BELL_KEY: Final = "bell"
POSTS_START: Final = "post:"
TURNS_START: Final = "turn:"
INBOX_END: Final = "turn;"
ANSWERS_START: Final = "answer:"
ANSWERS_END: Final = "answer;"

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
        at: When it was posted, by the storage's clock as that process knows it.
        sign_ins: The sign-ins, in order.
    """

    process_id: str
    number: int
    at: datetime
    sign_ins: tuple[PostedSignIn, ...]


@dataclass(frozen=True, slots=True)
class PostedAnswer:
    """What came of a posted sign-in: an answer with the head that it holds on, or an error."""

    content: Sequence[Any]
    head: Head | None


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known so far of a post.

    Attributes:
        number: The post's.
        processes: How many processes posted lately.
        answers: By place in the post.
    """

    number: int
    processes: int
    answers: Mapping[int, PostedAnswer]


def tenant_of(partition: str) -> str:
    """The tenant whose inbox or outbox a partition is; any other partition as it is."""
    return partition.removeprefix(INBOX).removeprefix(OUTBOX)


def post_row(tenant_id: str, process_id: str, number: int, at: datetime, sign_ins: Iterable[str]) -> Row:
    """A process's post; each sign-in as `posted_content` gives it."""
    text = f"[{','.join(sign_ins)}]"
    row = content_row(INBOX + tenant_id, POSTS_START + process_id, None)
    return {**row, **text_properties("content", text), "number": str(number), "at": format_time(at)}


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
            parse_time(row["at"]),
            tuple(_posted_of(tenant_id, *content) for content in content_of(row)),
        )
    except UNREADABLE:
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
    known = KnownUser(seen, _text_or_none(etag), count_of(sequence))
    return PostedSignIn(exactly(str, token), sign_in, known, count_of(waited) / 1000)


def _text_or_none(value: object) -> str | None:
    return None if value is None else exactly(str, value)


def rung(tenant_id: str, row: Row) -> list[Operation]:
    """A row of the inbox, and the bell with it."""
    bell: Row = {"PartitionKey": INBOX + tenant_id, "RowKey": BELL_KEY, "by": row["RowKey"]}
    return [Operation(Write.UPSERT, row), Operation(Write.UPSERT, bell)]


def turn_row(tenant_id: str, process_id: str, at: datetime) -> Row:
    """An administrator's change waits in that process."""
    return {"PartitionKey": INBOX + tenant_id, "RowKey": TURNS_START + process_id, "at": format_time(at)}


def answer_content(settled: Settled[ClaimAnswer]) -> Sequence[Any]:
    """What a posted sign-in is answered, as JSON, but for the head that it holds on."""
    answer = settled.answer
    return [
        answer.outcome.value,
        answer.app and answer.app.id,
        answer.policy and answer.policy.id,
        answer.license and license_content(answer.license),
    ]


def error_content(error: BaseException) -> Sequence[Any]:
    """The same for one that went wrong. Whatever the ledger does not know may pass where it is decided again."""
    return ["damaged" if isinstance(error, LedgerDamagedError) else "unavailable", str(error)]


def answers_row(tenant_id: str, process_id: str, answers: Answers) -> Row:
    """What is known so far of a process's post."""
    heads = {each.head.sequence: head_content(each.head) for each in answers.answers.values() if each.head}
    content = [
        [[sequence, head] for sequence, head in heads.items()],
        [[place, each.head and each.head.sequence, each.content] for place, each in answers.answers.items()],
    ]
    row = content_row(OUTBOX + tenant_id, ANSWERS_START + process_id, content)
    return {**row, "number": str(answers.number), "processes": answers.processes}


def answers_of(row: Row) -> Answers | None:
    """The inverse of `answers_row`; None for a row that cannot be read."""
    try:
        heads, answers = content_of(row)
        known = {None: None, **{sequence: head_of_content(head) for sequence, head in heads}}
        told = {count_of(place): PostedAnswer(tuple(content), known[sequence]) for place, sequence, content in answers}
        return Answers(count_of(int(row["number"])), count_of(row["processes"]), told)
    except UNREADABLE:
        return None


def settled_of(tenant_id: str, answer: PostedAnswer, configuration: Configuration) -> Settled[ClaimAnswer]:
    """An answer, on the configuration that it was decided on.

    Raises:
        LedgerError: What went wrong where it was decided.
    """
    kind, *rest = answer.content
    if answer.head is None:
        raise _error_of(kind, *rest)
    app_id, policy_id, held = rest
    claimed = ClaimAnswer(
        Outcome(kind),
        configuration.apps[app_id] if app_id else None,
        configuration.policies[policy_id] if policy_id else None,
        license_of_content(held) if held else None,
    )
    return Settled(claimed, TenantState(tenant_id, answer.head, configuration))


def _error_of(kind: str, message: str) -> LedgerError:
    return LedgerDamagedError(message) if kind == "damaged" else LedgerUnavailableError(message)
