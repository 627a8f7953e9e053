"""Moving a tenant: everything of it comes along, and at no moment is it in two places."""

from collections.abc import Awaitable, Callable

import pytest

from domain.errors import LedgerDamagedError, LedgerUnavailableError, MoveRefusedError, TenantClosedError
from domain.reports import period_until
from domain.settings import update_settings
from domain.sign_ins import Outcome
from storage.accounts.copying import ROWS_PER_COMMIT
from tests.accounts.conftest import ProcessFactory
from tests.accounts.processes import ACCOUNTS, FIRST, SECOND, RawAccounts, SpreadProcess
from tests.domain.tenants import ANY
from tests.reports.history import History, app_id, policy, primary
from tests.reports.raw_rows import put
from tests.storage.audit import rows_of

HEAD = ("ledger", "state")


@pytest.mark.whole_pages
async def test_everything_of_a_tenant_comes_along(
    history: History, old: SpreadProcess, new: SpreadProcess, operator: SpreadProcess, accounts: RawAccounts
) -> None:
    tenant_id = history.tenant_id
    before = accounts.rows(FIRST, tenant_id)
    state, log = await old.state(tenant_id), await old.records.commits_before(tenant_id, None, 100)
    _, report = await old.reported(tenant_id, 90)

    assert await operator.move(tenant_id, SECOND) == len(before) - 1

    assert accounts.rows(SECOND, tenant_id) == before
    assert (await new.state(tenant_id)).configuration == state.configuration
    assert (await new.state(tenant_id)).head == state.head
    assert await new.records.commits_before(tenant_id, None, 100) == log
    assert (await new.reported(tenant_id, 90))[1] == report
    assert await new.check(tenant_id) == []
    history.process = new
    await history.burst(5)
    assert await new.outcome(tenant_id, "user-000002", app_id(0)) is Outcome.ALREADY_LICENSED
    await new.roll_up_all(tenant_id)
    await new.assert_reports(tenant_id, history.told)
    assert await new.check(tenant_id) == []


async def _sign_in(process: SpreadProcess, tenant_id: str) -> object:
    return await process.sign_in(tenant_id, "user-000001", app_id(0))


READS_AND_WRITES: list[Callable[[SpreadProcess, str], Awaitable[object]]] = [
    lambda process, tenant_id: process.state(tenant_id),
    lambda process, tenant_id: process.records.user(tenant_id, "user-000001"),
    lambda process, tenant_id: process.records.users(tenant_id, ["user-000001"]),
    lambda process, tenant_id: process.records.users_after(tenant_id, None),
    lambda process, tenant_id: process.records.commits_before(tenant_id, None, 100),
    lambda process, tenant_id: process.records.retired_policies(tenant_id, [policy(0)]),
    lambda process, tenant_id: process.records.claim_counts(tenant_id, period_until(process.clock.now().date(), 90)),
    lambda process, tenant_id: process.integrity.step(tenant_id, None, 400),
    _sign_in,
    lambda process, tenant_id: process.change(tenant_id, update_settings, auto_claim_enabled=False, precondition=ANY),
    lambda process, tenant_id: process.assign(tenant_id, "user-000001", primary(0)),
    lambda process, tenant_id: process.upkeep.roll_up(tenant_id, 10),
    lambda process, tenant_id: process.upkeep.prune(tenant_id, 90),
    lambda process, tenant_id: process.upkeep.rebuild(tenant_id),
    lambda process, tenant_id: process.upkeep.erase_names(tenant_id, "user-000001"),
    lambda process, tenant_id: process.upkeep.delete_tenant(tenant_id),
]


async def assert_refused(process: SpreadProcess, tenant_id: str) -> None:
    for call in READS_AND_WRITES:
        with pytest.raises(TenantClosedError):
            await call(process, tenant_id)


@pytest.mark.parametrize("cleaned", [False, True])
async def test_nothing_is_read_or_written_where_a_tenant_was(  # noqa: PLR0913 - fixtures
    history: History,
    old: SpreadProcess,
    operator: SpreadProcess,
    new_process: ProcessFactory,
    accounts: RawAccounts,
    *,
    cleaned: bool,
) -> None:
    tenant_id = history.tenant_id
    progress = (await old.integrity.step(tenant_id, None, 400)).progress
    await operator.move(tenant_id, SECOND)
    if cleaned:
        await operator.moves.clean(tenant_id)
    before = accounts.rows(FIRST, tenant_id), accounts.rows(SECOND, tenant_id)

    await assert_refused(old, tenant_id)
    await assert_refused(new_process({}), tenant_id)
    with pytest.raises(TenantClosedError):
        await old.integrity.step(tenant_id, progress, 400)

    assert (accounts.rows(FIRST, tenant_id), accounts.rows(SECOND, tenant_id)) == before


async def test_an_entry_before_the_move_founds_no_second_tenant(
    history: History, new: SpreadProcess, operator: SpreadProcess, accounts: RawAccounts
) -> None:
    tenant_id = history.tenant_id

    await assert_refused(new, tenant_id)

    assert accounts.rows(SECOND, tenant_id) == {}
    await operator.move(tenant_id, SECOND)
    assert await new.outcome(tenant_id, "newcomer", app_id(0)) is Outcome.CLAIMED


async def test_a_tenant_without_a_commit_is_moved_before_its_first(
    tenant_id: str, old: SpreadProcess, new: SpreadProcess, operator: SpreadProcess, accounts: RawAccounts
) -> None:
    with pytest.raises(TenantClosedError, match="move-tenant must move it there"):
        await new.outcome(tenant_id, "ann")

    for _ in range(2):
        assert await operator.move(tenant_id, SECOND) == 0

    assert await new.outcome(tenant_id, "ann") is Outcome.FEATURE_OFF
    with pytest.raises(TenantClosedError):
        await old.open(tenant_id)
    await new.open(tenant_id)
    assert await new.outcome(tenant_id, "ann") is Outcome.CLAIMED
    assert accounts.living(tenant_id) == [SECOND]


async def test_a_tenant_without_a_commit_is_moved_back(
    tenant_id: str, old: SpreadProcess, new: SpreadProcess, accounts: RawAccounts
) -> None:
    await new.move(tenant_id, SECOND)

    for _ in range(2):
        assert await old.move(tenant_id, FIRST) == 0

    with pytest.raises(TenantClosedError):
        await new.open(tenant_id)
    await old.open(tenant_id)
    assert await old.outcome(tenant_id, "ann") is Outcome.CLAIMED
    assert accounts.living(tenant_id) == [FIRST]


async def test_a_tenant_goes_there_and_back_with_all_that_was_changed_meanwhile(
    history: History, old: SpreadProcess, new: SpreadProcess, operator: SpreadProcess, accounts: RawAccounts
) -> None:
    tenant_id = history.tenant_id
    for _ in range(2):
        for process, home in ((new, SECOND), (old, FIRST)):
            await operator.move(tenant_id, home)
            history.process = process
            await history.burst(3)
            await history.take_back(*next(reversed(history.licenses)))
            await process.roll_up_all(tenant_id)
            history.clock.forward(days=1)
            await history.burst(1)
            assert accounts.living(tenant_id) == [home]
            await process.assert_reports(tenant_id, history.told)
            assert await process.check(tenant_id) == []
    await assert_refused(new, tenant_id)


async def test_more_rows_than_a_transaction_takes_replace_whatever_is_there(
    history: History, operator: SpreadProcess, accounts: RawAccounts
) -> None:
    """Rows of an earlier stay: one the same, one with less in it, and one that is not there any more."""
    tenant_id = history.tenant_id
    await history.burst(2 * ROWS_PER_COMMIT + 10)
    before = accounts.rows(FIRST, tenant_id)
    same, other = before["ledger", "user:user-000002"], before["ledger", "user:user-000003"]
    strange = {**other, "RowKey": "user:nobody"}
    for row in (same, {**other, "content": "{}", "more": 1}, strange):
        accounts.put(SECOND, row)
    accounts.put(SECOND, {"PartitionKey": tenant_id, "RowKey": "watermark:000009"}, "reports")

    await operator.move(tenant_id, SECOND)

    assert accounts.rows(SECOND, tenant_id) == before


async def test_a_tenant_that_is_there_already_is_left_alone(
    history: History, operator: SpreadProcess, accounts: RawAccounts
) -> None:
    await operator.move(history.tenant_id, SECOND)
    before = [accounts.rows(account, history.tenant_id) for account in ACCOUNTS]

    moved = await operator.moves.move(history.tenant_id, SECOND, lambda _: None)

    assert (moved.source, moved.rows) == (None, 0)
    assert [accounts.rows(account, history.tenant_id) for account in ACCOUNTS] == before


async def test_cleaning_leaves_only_the_tombstone(
    history: History, new: SpreadProcess, operator: SpreadProcess, accounts: RawAccounts
) -> None:
    tenant_id = history.tenant_id
    rows = await operator.move(tenant_id, SECOND)
    there = accounts.rows(SECOND, tenant_id)

    assert await operator.moves.clean(tenant_id) == rows

    [(key, tombstone)] = accounts.rows(FIRST, tenant_id).items()
    assert key == HEAD
    assert "content" not in tombstone
    assert accounts.rows(SECOND, tenant_id) == there
    assert await operator.moves.clean(tenant_id) == 0
    await new.move(tenant_id, FIRST)
    assert accounts.rows(FIRST, tenant_id) == there


def put_posts(accounts: RawAccounts, account: str, tenant_id: str) -> None:
    """Rows that processes wrote to each other in an account, two days ago."""
    for partition in posts(tenant_id):
        row = {"PartitionKey": partition, "RowKey": "post:one", "at": "2023-12-30T08:00:00.000Z"}
        put(accounts.connection_string, row, account + "ledger")


def posts(tenant_id: str) -> tuple[str, ...]:
    """Partitions where such rows are."""
    return f"inbox:{tenant_id}", f"inbox:{tenant_id}:3", f"outbox:{tenant_id}"


def posted(accounts: RawAccounts, account: str, tenant_id: str) -> int:
    """How many such rows there are."""
    return sum(
        len(rows_of(accounts.connection_string, partition, account + "ledger")) for partition in posts(tenant_id)
    )


async def test_posts_of_the_old_account_go_with_the_move_or_with_cleaning(
    history: History, operator: SpreadProcess, accounts: RawAccounts
) -> None:
    put_posts(accounts, FIRST, history.tenant_id)
    await operator.move(history.tenant_id, SECOND)
    assert posted(accounts, FIRST, history.tenant_id) == 0

    put_posts(accounts, FIRST, history.tenant_id)  # by a process that was late
    put_posts(accounts, SECOND, history.tenant_id)
    await operator.moves.clean(history.tenant_id)
    assert posted(accounts, FIRST, history.tenant_id) == 0
    assert posted(accounts, SECOND, history.tenant_id) == 3


async def test_old_posts_go_from_every_account_wherever_the_tenant_is(
    history: History, new: SpreadProcess, accounts: RawAccounts
) -> None:
    put_posts(accounts, FIRST, history.tenant_id)
    put_posts(accounts, SECOND, history.tenant_id)
    await new.upkeep.remove_old_posts()
    assert posted(accounts, FIRST, history.tenant_id) == posted(accounts, SECOND, history.tenant_id) == 0


async def test_cleaning_a_tenant_that_never_moved_does_nothing(
    history: History, operator: SpreadProcess, accounts: RawAccounts
) -> None:
    before = accounts.rows(FIRST, history.tenant_id)
    assert await operator.moves.clean(history.tenant_id) == 0
    assert accounts.rows(FIRST, history.tenant_id) == before


async def test_a_moved_tenant_is_deleted_where_it_is_and_begins_there_anew(
    history: History, old: SpreadProcess, new: SpreadProcess, operator: SpreadProcess, accounts: RawAccounts
) -> None:
    tenant_id = history.tenant_id
    await operator.move(tenant_id, SECOND)
    last = (await new.state(tenant_id)).head.sequence
    await new.upkeep.delete_tenant(tenant_id)
    assert accounts.rows(SECOND, tenant_id) == {}

    await new.moves.clean(tenant_id)

    assert list(accounts.rows(FIRST, tenant_id)) == [HEAD]
    with pytest.raises(TenantClosedError):
        await old.open(tenant_id)
    await new.open(tenant_id)
    assert (await new.state(tenant_id)).head.sequence == last + 3
    assert await operator.move(tenant_id, FIRST) == len(accounts.rows(FIRST, tenant_id)) - 1
    assert await old.outcome(tenant_id, "ann") is Outcome.CLAIMED


async def test_a_tenant_that_is_being_deleted_is_not_moved(
    history: History, old: SpreadProcess, operator: SpreadProcess, accounts: RawAccounts
) -> None:
    tenant_id = history.tenant_id

    async def moved() -> None:
        with pytest.raises(MoveRefusedError, match="being deleted"):
            await operator.move(tenant_id, SECOND)

    old.table.at("page", before=moved)
    await old.upkeep.delete_tenant(tenant_id)

    assert accounts.rows(FIRST, tenant_id) == accounts.rows(SECOND, tenant_id) == {}


async def test_two_heads_are_loud(history: History, operator: SpreadProcess, accounts: RawAccounts) -> None:
    tenant_id = history.tenant_id
    accounts.put(SECOND, accounts.rows(FIRST, tenant_id)[HEAD])
    for home in (FIRST, SECOND):
        with pytest.raises(LedgerDamagedError, match="has a head in each of"):
            await operator.move(tenant_id, home)


async def test_a_head_that_moves_at_every_attempt_is_given_up_and_the_move_can_be_run_again(
    history: History, operator: SpreadProcess, accounts: RawAccounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant_id = history.tenant_id
    monkeypatch.setattr("storage.accounts.moving.CLOSINGS", 5)
    monkeypatch.setattr("storage.accounts.moving.ATTEMPTS", 2)

    async def claim() -> None:
        await history.burst(1)

    operator.table.at("commit", before=claim, times=10_000)
    with pytest.raises(LedgerUnavailableError, match="run it again"):
        await operator.move(tenant_id, SECOND)
    assert accounts.living(tenant_id) == [FIRST]
    operator.table.heal()
    await operator.move(tenant_id, SECOND)
    assert accounts.living(tenant_id) == [SECOND]


async def test_an_erasure_during_a_move_does_not_say_that_the_names_are_gone(
    history: History, old: SpreadProcess, operator: SpreadProcess
) -> None:
    """What was copied before may still have them."""
    tenant_id = history.tenant_id

    async def moved() -> None:
        await operator.move(tenant_id, SECOND)

    old.table.at("commit", before=moved)
    with pytest.raises(TenantClosedError):
        await old.upkeep.erase_names(tenant_id, "user-000001")
