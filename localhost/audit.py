"""An account of a tenant of its own: whether the rules held, counted from the rows and from what people were told.

It reads the table with the SDK and shares with the product only the decoding of rows, so a fault of the committer
shows here. The demo and the storm tests are judged by it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from azure.data.tables import TableServiceClient

from domain.journal import Action, Entry, JournalRecord
from domain.licenses import DIGEST_MODULUS, PolicyClaim, User, digest_of, licenses_for
from domain.sign_ins import Outcome
from domain.tenant import Configuration, Head
from storage.rows.content import HEAD_KEY, STATE_END
from storage.rows.journal import journal_record_of
from storage.rows.state import configuration_of, head_of
from storage.rows.users import user_of

TABLE = "ledger"
FAULTS_SHOWN = 3
"""How many faults of one rule are told; the rest is a number."""


@dataclass(frozen=True, slots=True)
class Books:
    """Everything that the table has of one tenant.

    Attributes:
        head: The head.
        configuration: What administrators wrote.
        users: Every user's row, by user id.
        journal: Every commit, oldest first.
    """

    head: Head
    configuration: Configuration
    users: Mapping[str, User]
    journal: tuple[JournalRecord, ...]

    def claims(self) -> list[tuple[int, int, Entry]]:
        """Every claim in the journal: the commit's sequence, the place in it, the entry."""
        return [
            (record.sequence, place, entry)
            for record in self.journal
            for place, entry in enumerate(record.entries)
            if entry.action is Action.LICENSE_CLAIMED
        ]

    def last_change(self, action: Action) -> int:
        """The sequence of the last commit that did this; 0 if none did."""
        return max((each.sequence for each in self.journal if any(e.action is action for e in each.entries)), default=0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a sign-in was told.

    Attributes:
        user_id: Who signed in.
        sign_in_id: The sign-in's own id; sent again with a repeat after a lost answer.
        outcome: The outcome told.
        sku_id: The product of the license told of, if any.
        began: When it was sent first, in seconds of one monotonic clock.
        ended: When it was answered for good.
    """

    user_id: str
    sign_in_id: str
    outcome: str
    sku_id: str | None
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a rule held.

    Attributes:
        rule: The rule's name.
        figure: What was counted.
        faults: What contradicts the rule; none if it held.
    """

    rule: str
    figure: str
    faults: tuple[str, ...] = ()

    @property
    def held(self) -> bool:
        """Whether nothing contradicts the rule."""
        return not self.faults

    def __str__(self) -> str:
        more = f" and {len(self.faults) - FAULTS_SHOWN:,} more" if len(self.faults) > FAULTS_SHOWN else ""
        told = f": {'; '.join(self.faults[:FAULTS_SHOWN])}{more}" if self.faults else ""
        return f"{self.rule}: {'held' if self.held else 'BROKEN'} ({self.figure}){told}"


def read_books(connection_string: str, tenant_id: str) -> Books:
    """Reads all rows of a tenant that nobody writes to meanwhile.

    Raises:
        LedgerDamagedError: A row cannot be read.
        AzureError: The storage does not answer, or the tenant has no row.
    """
    with (
        TableServiceClient.from_connection_string(connection_string) as service,
        service.get_table_client(TABLE) as table,
    ):
        head = table.get_entity(tenant_id, HEAD_KEY)
        rows = list(table.query_entities("PartitionKey eq @tenant", parameters={"tenant": tenant_id}))
    return books_of(head, rows)


def books_of(head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Books:
    """The books that rows are. The head stands among the rows, too.

    Raises:
        LedgerDamagedError: A row cannot be read.
    """
    kinds: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        kinds[row["RowKey"].partition(":")[0]].append(row)
    configuration = [row for row in kinds["state"] if HEAD_KEY < row["RowKey"] < STATE_END]
    users = [user_of(row) for row in kinds["user"]]
    journal = sorted((journal_record_of(row) for row in kinds["journal"]), key=lambda record: record.sequence)
    return Books(head_of(head), configuration_of(configuration), {user.id: user for user in users}, tuple(journal))


def never_oversold(books: Books) -> Verdict:
    """No product has more licenses assigned than it has, by the head's count or by the users' rows."""
    held = _held_by_product(books)
    total = {sku_id: product.total_licenses for sku_id, product in books.configuration.products.items()}
    faults = [
        f"{_name(books, sku_id)} has {total.get(sku_id, 0):,} licenses, {assigned:,} are assigned"
        for counts in (books.head.assigned, held)
        for sku_id, assigned in counts.items()
        if assigned > total.get(sku_id, 0)
    ]
    return Verdict("Never oversold", f"{held.total():,} of {sum(total.values()):,} licenses assigned", tuple(faults))


def exact(books: Books) -> Verdict:
    """The head's counts and digest, the users' rows and the journal say the same.

    For a tenant where no administrator took a license back.
    """
    held = _held_by_product(books)
    faults = [
        f"{_name(books, sku_id)}: {books.head.assigned.get(sku_id, 0):,} counted, {held[sku_id]:,} held"
        for sku_id in {*books.head.assigned, *held}
        if books.head.assigned.get(sku_id, 0) != held[sku_id]
    ]
    by_claim = {
        (origin.sequence, origin.place): (user.id, license_.sku_id, origin.policy_id)
        for user in books.users.values()
        for license_ in user.licenses
        if isinstance(origin := license_.assigned_by, PolicyClaim)
    }
    held_by_policy = Counter(policy_id for _, _, policy_id in by_claim.values())
    if {key: count for key, count in books.head.held.items() if count} != held_by_policy:
        faults.append(f"by policy, {dict(books.head.held)} are counted, {dict(held_by_policy)} held")
    claims = books.claims()
    told = {
        (sequence, place): (entry.details["userId"], entry.details["skuId"], entry.details["policyId"])
        for sequence, place, entry in claims
    }
    faults += [f"claim {at} is {told.get(at)} in the journal, {by_claim.get(at)} in a user's row"
               for at in sorted(told.keys() | by_claim.keys()) if told.get(at) != by_claim.get(at)]  # fmt: skip
    if sum(digest_of(user) for user in books.users.values()) % DIGEST_MODULUS != books.head.digest:
        faults.append("the head's digest is not that of the licenses held")
    if [record.sequence for record in books.journal] != list(range(1, books.head.sequence + 1)):
        faults.append(f"the journal's {len(books.journal):,} sequence numbers are not 1 to {books.head.sequence:,}")
    figure = (
        f"{sum(books.head.assigned.values()):,} counted = {held.total():,} in users' rows, "
        f"{len(claims):,} claims in {len(books.journal):,} commits"
    )
    return Verdict("Exact", figure, tuple(faults))


def one_claim(books: Books, app_id: str) -> Verdict:
    """No user holds two licenses for the app, and none claimed twice. For a tenant where only sign-ins assign."""
    app, products = books.configuration.apps[app_id], books.configuration.products
    held = {user.id: len(licenses_for(user, app, products)) for user in books.users.values()}
    claims = Counter(entry.details["userId"] for _, _, entry in books.claims())
    faults = [f"{user_id} holds {count} licenses" for user_id, count in held.items() if count > 1]
    faults += [f"{user_id} claimed {count} times" for user_id, count in claims.items() if count > 1]
    most = max((*held.values(), *claims.values()), default=0)
    return Verdict("One claim", f"{len(claims):,} people claimed, at most {most} each", tuple(faults))


def nothing_lost(books: Books, answers: Iterable[Answer]) -> Verdict:
    """Everybody who was told of a claim holds that license."""
    told = [answer for answer in answers if answer.outcome == Outcome.CLAIMED]
    faults = [
        f"{answer.user_id} was told of a claim of {_name(books, answer.sku_id)} and does not hold it"
        for answer in told
        if answer.sku_id not in _skus(books, answer.user_id)
    ]
    figure = f"{len(told) - len(faults):,} of {len(told):,} told of a claim hold its license"
    return Verdict("Nothing lost", figure, tuple(faults))


def monotone(books: Books, answers: Iterable[Answer]) -> Verdict:
    """Whoever was told of a license was told of the same one ever after, holds it, and did not claim again."""
    by_user: defaultdict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_user[answer.user_id].append(answer)
    faults: list[str] = []
    licensed = repeats = 0
    for user_id, told in by_user.items():
        first = min((answer for answer in told if answer.sku_id), key=lambda answer: answer.ended, default=None)
        if first is None:
            continue
        licensed += 1
        if _skus(books, user_id) != {first.sku_id}:
            faults.append(f"{user_id} was told of {_name(books, first.sku_id)}, which is not what the row holds")
        for answer in told:
            if answer.sku_id not in (None, first.sku_id):
                faults.append(f"{user_id} was told of {_name(books, answer.sku_id)} as well")
            if answer.began > first.ended:
                repeats += 1
                again = Outcome.CLAIMED if answer.sign_in_id == first.sign_in_id else Outcome.ALREADY_LICENSED
                if answer.outcome != again:
                    faults.append(f"{user_id} has a license and was told {answer.outcome}")
    figure = f"{licensed:,} people keep the license first told, {repeats:,} repeats changed nothing"
    return Verdict("Monotone", figure, tuple(faults))


def prompt(books: Books, answers: Sequence[Answer], off_sequence: int, off_at: float, sku_id: str = "") -> Verdict:
    """Nothing was claimed by what began after the answer to a change that turned claiming off.

    Args:
        books: Of after the change, and before any that turned it on again.
        answers: What sign-ins were told.
        off_sequence: The change's commit.
        off_at: When the change was answered, by the clock of the answers.
        sku_id: Where a product was taken from a policy: only claims of that product count.
    """
    late = [answer for answer in answers if answer.began > off_at]
    faults = [
        f"{answer.user_id} claimed {answer.began - off_at:.3f} s after the answer"
        for answer in late
        if answer.outcome == Outcome.CLAIMED and answer.sku_id == (sku_id or answer.sku_id)
    ]
    faults += [
        f"the journal has a claim of {entry.details['userId']} in commit {sequence}, after {off_sequence}"
        for sequence, _, entry in books.claims()
        if sequence > off_sequence and entry.details["skuId"] == (sku_id or entry.details["skuId"])
    ]
    if off_sequence == 0:
        faults.append("the journal does not have the change")
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in Counter(each.outcome for each in late).items())
    return Verdict("Prompt", f"{len(late):,} signed in afterwards: {outcomes or 'nobody'}", tuple(faults))


def takes_nothing(before: Books, after: Books) -> Verdict:
    """What users held before a change they hold after it, to the letter, and the counts are the same."""
    lost = [
        f"{user_id} held {len(user.licenses)} licenses, and other ones afterwards"
        for user_id, user in before.users.items()
        if user_id not in after.users or after.users[user_id].licenses != user.licenses
    ]
    if before.head.assigned != after.head.assigned:
        lost.append(f"the counts were {dict(before.head.assigned)} and are {dict(after.head.assigned)}")
    figure = f"{_held_by_product(before).total():,} licenses before, {_held_by_product(after).total():,} after"
    return Verdict("Turning off takes nothing", figure, tuple(lost))


def _held_by_product(books: Books) -> Counter[str]:
    return Counter(license_.sku_id for user in books.users.values() for license_ in user.licenses)


def _skus(books: Books, user_id: str) -> set[str]:
    user = books.users.get(user_id)
    return {license_.sku_id for license_ in user.licenses} if user else set()


def _name(books: Books, sku_id: str | None) -> str:
    product = books.configuration.products.get(sku_id or "")
    return product.display_name if product else f"unknown product {sku_id}"
