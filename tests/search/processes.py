"""One process of the app on tables in memory, and how it is asked. The only place here that builds a process."""

import asyncio
from collections.abc import Callable, Mapping
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from domain.actors import Administrator
from domain.apps import put_app
from domain.assignments import assign_license, remove_licenses
from domain.catalog import MICROSOFT_TEAMS, App, PolicyProduct
from domain.changes import Effect
from domain.errors import LedgerDamagedError
from domain.ledger import Proposal, configuration_proposal, sign_in_proposal, user_proposal
from domain.policies import PolicyEdit, create_policy, delete_policy, update_policy
from domain.products import delete_product, put_product
from domain.refusals import Refusal
from domain.reports import Period
from domain.settings import update_settings
from domain.sign_ins import ClaimAnswer
from domain.tenant import TenantState
from storage.accounts.moving import TenantMover
from storage.accounts.spread import Account, SpreadTable
from storage.engine.ledger import TableLedger
from storage.reports.records import TableRecords
from storage.tables.clock import StorageClock
from storage.upkeep.integrity import IntegrityChecker
from storage.upkeep.upkeep import TableUpkeep
from tests.domain.tenants import ANY, NEW, TENANT_ID, product, sign_in
from tests.reports.processes import counted
from tests.search.asked import (
    Assign,
    Change,
    CheckIntegrity,
    Chore,
    Chosen,
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
    Request,
    RollUp,
    SignIn,
    TakeBack,
    Turn,
)
from tests.search.calls import Calls, SearchedTable
from tests.search.memory import Memory
from tests.search.paper import Answer

ALL_DAYS: Final = Period(date(2026, 1, 1), date(2099, 12, 31))
ANOTHER_TENANT: Final = "00c0ffee-0000-4000-8000-000000000001"
RETENTION_DAYS: Final = 90
"""The least that the product takes."""

CHECK_CALLS: Final = 300
"""A check that takes more calls does not end."""
ROLL_UP_STEPS: Final = 300
PRUNE_STEPS: Final = 100

FIRST, SECOND = "first", "second"
ACCOUNTS: Final = (FIRST, SECOND)
"""The storage accounts. The first is the default one."""

Accounts = Mapping[str, tuple[Memory, Memory]]
"""The tables `ledger` and `reports` of each storage account, by its name."""

_owner: ContextVar["SearchedProcess"] = ContextVar("owner")


@dataclass(slots=True, eq=False)
class SearchedProcess:
    """A process's own ledger and all that stands on the same tables, and the tasks that it runs."""

    ledger: TableLedger
    records: TableRecords
    integrity: IntegrityChecker
    upkeep: TableUpkeep
    moves: TenantMover
    tasks: set["asyncio.Task[Any]"] = field(default_factory=set)

    def start(self, loop: asyncio.AbstractEventLoop, number: int, asked: Request) -> "asyncio.Task[Any]":
        """Ask it something; everything that it runs for that is known to be its own."""
        context = copy_context()
        context.run(_owner.set, self)
        return loop.create_task(self._answer(number, asked), context=context)

    def kill(self) -> None:
        """It does nothing any more: no task of it goes on."""
        for task in list(self.tasks):
            task.cancel()

    async def _answer(self, number: int, asked: Request) -> Any:
        match asked:
            case LookAtState() | LookElsewhere():
                return await self.ledger.state(TENANT_ID if isinstance(asked, LookAtState) else ANOTHER_TENANT)
            case LookAtUser():
                return (await self.records.user(TENANT_ID, asked.user))[1]
            case LookAtReport():
                return counted(ALL_DAYS, (await self.records.claim_counts(TENANT_ID, ALL_DAYS)).counts)
            case CheckIntegrity():
                return await self._checked()
            case RollUp() | Rebuild() | Prune() | EraseNames() | DeleteTenant() | MoveTenant():
                return await self._done(asked)
        return await self.ledger.settle(TENANT_ID, _proposal(number, asked))

    async def _done(self, asked: Chore) -> Any:
        match asked:
            case RollUp():
                return await self.upkeep.roll_up(TENANT_ID, ROLL_UP_STEPS)
            case Rebuild():
                return await self.upkeep.rebuild(TENANT_ID)
            case Prune():
                return await self._pruned()
            case EraseNames():
                return await self.upkeep.erase_names(TENANT_ID, asked.user)
            case DeleteTenant():
                return await self.upkeep.delete_tenant(TENANT_ID)
        return await self.moves.move(TENANT_ID, asked.to, _unheard)

    async def _pruned(self) -> bool:
        """Whether nothing that is old is left."""
        for _ in range(PRUNE_STEPS):
            if await self.upkeep.prune(TENANT_ID, RETENTION_DAYS):
                return True
        return False

    async def _checked(self) -> list[str]:
        """What a whole check finds."""
        found: list[str] = []
        progress = None
        for _ in range(CHECK_CALLS):
            step = await self.integrity.step(TENANT_ID, progress, RETENTION_DAYS)
            found += [str(discrepancy) for discrepancy in step.discrepancies]
            progress = step.progress
            if progress is None:
                return found
        raise LedgerDamagedError("the check does not end")


def own_tasks(loop: asyncio.AbstractEventLoop, coroutine: Any, context: Context | None = None) -> "asyncio.Task[Any]":
    """A task factory: every process knows its tasks."""
    task = asyncio.Task(coroutine, loop=loop, context=context)
    owner = (context or copy_context())[_owner]
    owner.tasks.add(task)
    task.add_done_callback(owner.tasks.discard)
    return task


def start_process(
    number: int, calls: Calls, accounts: Accounts, home: str, own_time: Callable[[], datetime]
) -> SearchedProcess:
    """A process that has just begun, with a setting that has the tenant in that account.

    Its clock is its own; the tables tell no time.
    """
    clock = StorageClock(own_time)
    homes = {} if home == FIRST else {TENANT_ID: home}
    ledgers, reports = (
        {
            name: SearchedTable(f"{table} of {name}", number, memories[place], calls)
            for name, memories in accounts.items()
        }
        for place, table in enumerate(("ledger", "reports"))
    )
    spread_ledger, spread_reports = SpreadTable(ledgers, homes), SpreadTable(reports, homes)
    tenants = TableLedger(spread_ledger, clock)
    return SearchedProcess(
        ledger=tenants,
        records=TableRecords(tenants, spread_ledger, spread_reports),
        integrity=IntegrityChecker(spread_ledger, spread_reports, clock),
        upkeep=TableUpkeep(spread_ledger, spread_reports, clock),
        moves=TenantMover([Account(name, ledgers[name], reports[name]) for name in accounts]),
    )


def _unheard(_progress: str) -> None:
    """Nobody listens."""


def answer_of(answer: object) -> Answer:
    """The answer to a change, in the paper's words."""
    match answer:
        case Refusal():
            return (answer.code.value,)
        case Effect():
            return (answer.value,)
        case (Effect() as effect, _):
            return (effect.value,)
        case ClaimAnswer():
            sku = answer.license and answer.license.sku_id
            return answer.outcome.value, sku, answer.policy and answer.policy.id
    raise AssertionError(f"no answer: {answer!r}")


def seen(state: TenantState) -> tuple[object, ...]:
    """What a state says, in the paper's words."""
    configuration = state.configuration
    return (
        configuration.settings.auto_claim_enabled,
        {app.id: frozenset(app.service_plan_ids) for app in configuration.apps.values()},
        {sku: (each.total_licenses, each.service_plan_ids) for sku, each in configuration.products.items()},
        {
            policy.id: (
                policy.app_id,
                policy.enabled,
                tuple((each.sku_id, frozenset(each.disabled_service_plan_ids)) for each in policy.products),
            )
            for policy in configuration.policies.values()
        },
        {sku: count for sku, count in state.head.assigned.items() if count},
        {policy: count for policy, count in state.head.held.items() if count},
    )


def _proposal(number: int, asked: Change) -> Proposal[Any]:
    """The change as the app would propose it. The administrator's id, or the user's name, tells which it was."""
    actor = Administrator(str(number))
    match asked:
        case SignIn():
            event = sign_in(asked.user, asked.app, sign_in_id=asked.event, display_name=str(number))
            return sign_in_proposal(event)
        case Assign():
            return user_proposal(
                asked.user,
                lambda state, user, stamp: assign_license(
                    state, user, stamp, sku_id=asked.sku, disabled_service_plan_ids=asked.off, actor=actor
                ),
            )
        case TakeBack():
            return user_proposal(
                asked.user,
                lambda state, user, stamp: remove_licenses(state, user, stamp, sku_id=asked.sku, actor=actor),
            )
    function, facts = _edit(asked)
    return configuration_proposal(lambda state, stamp: function(state, stamp, actor=actor, **facts))


def _edit(asked: Change) -> tuple[Callable[..., Any], dict[str, Any]]:
    """Which of the rules decides a change of the configuration, and what it is told."""
    match asked:
        case Turn():
            return update_settings, {"auto_claim_enabled": asked.on, "precondition": ANY}
        case PutProduct():
            new = product(asked.sku, asked.total, asked.plans)
            return put_product, {"product": new, "precondition": ANY if asked.over else NEW}
        case DeleteProduct():
            return delete_product, {"sku_id": asked.sku, "precondition": ANY}
        case PutApp():
            is_teams = asked.app == MICROSOFT_TEAMS.id
            name = MICROSOFT_TEAMS.name if is_teams else asked.app
            clients = MICROSOFT_TEAMS.client_app_ids if is_teams else (f"{asked.app}-client",)
            app = App(asked.app, name, clients, asked.plans)
            return put_app, {"app": app, "precondition": ANY if asked.over else NEW}
        case CreatePolicy() | EditPolicy() | DeletePolicy():
            return _policy_edit(asked)
    raise AssertionError(f"no change of the configuration: {asked}")


def _policy_edit(asked: CreatePolicy | EditPolicy | DeletePolicy) -> tuple[Callable[..., Any], dict[str, Any]]:
    match asked:
        case CreatePolicy():
            facts = {"policy_id": asked.policy, "name": asked.policy, "app_id": asked.app, "enabled": asked.enabled}
            return create_policy, {**facts, "products": _chosen(asked.products)}
        case EditPolicy():
            products = None if asked.products is None else _chosen(asked.products)
            edit = PolicyEdit(enabled=asked.enabled, products=products)
            return update_policy, {"policy_id": asked.policy, "edit": edit, "precondition": ANY}
        case DeletePolicy():
            return delete_policy, {"policy_id": asked.policy, "precondition": ANY}


def _chosen(products: Chosen) -> tuple[PolicyProduct, ...]:
    return tuple(PolicyProduct(sku, off) for sku, off in products)
