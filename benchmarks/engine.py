"""The ledger in one process, called directly."""

from collections.abc import Sequence
from functools import partial

from benchmarks.stage import Process, open_tenant
from benchmarks.storms import Storm, storm

WARM_UP = 20
"""Sign-ins before those that are measured: connections are open, and users are taken to be new."""


async def claims(process: Process, users: int, callers: int) -> tuple[str, Storm]:
    """So many new users of a new tenant claim; gives the tenant, too."""
    tenant_id = await open_tenant(process)
    await storm(partial(process.sign_in, tenant_id), [f"early-{number}" for number in range(WARM_UP)], 1)
    return tenant_id, await storm(partial(process.sign_in, tenant_id), names(users), callers)


async def claims_of_tenants(process: Process, tenants: int, users: int, callers: int) -> Storm:
    """New users of so many tenants in turn; as many users in all."""
    tenant_ids = [await open_tenant(process) for _ in range(tenants)]
    for tenant_id in tenant_ids:
        await storm(partial(process.sign_in, tenant_id), [f"early-{number}" for number in range(WARM_UP)], 1)

    async def sign_in(name: str) -> None:
        await process.sign_in(tenant_ids[int(name.partition("-")[2]) % tenants], name)

    return await storm(sign_in, names(users), callers)


async def sign_ins(process: Process, tenant_id: str, user_ids: Sequence[str], callers: int) -> Storm:
    """These users sign in, for the first time or again."""
    return await storm(partial(process.sign_in, tenant_id), user_ids, callers)


def names(users: int) -> list[str]:
    """So many user ids."""
    return [f"user-{number}" for number in range(users)]
