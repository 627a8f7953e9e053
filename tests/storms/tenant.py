"""A tenant under storm: its administrator, those who sign in, and everything that they were told."""

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp

from localhost.audit import Answer, Books, exact, monotone, never_oversold, nothing_lost, one_claim, read_books
from localhost.demo.administrator import TEAMS, Administrator
from localhost.demo.callers import call_at_once, session_of
from localhost.demo.report import percentile
from localhost.emulator import connection_string
from localhost.issuer import DevelopmentIssuer
from tests.storms.running_app import RunningApp

TEAMS1 = "57ff2da0-773e-42df-b2af-ffb7a2317929"
REPEATS = 100
"""How often a sign-in is sent again while the answer is 503 or lost."""
REPEAT_PAUSE_SECONDS = 0.2
CONNECTIONS = 200

_log = logging.getLogger("storms")  # pytest --log-cli-level=INFO shows the figures


@dataclass(slots=True)
class Tenant:
    """One tenant of its own, on one app or several.

    Attributes:
        id: Its id.
        administrator: Its administrator, who calls the first app.
        sessions: One for each app; people take turns.
        function_key: What sources of sign-ins need.
        table_port: Where its rows are.
        answers: What was told for good.
        seconds: How long each request took.
        unavailable: How many requests were answered 503.
        broken: How many requests got no answer.
    """

    id: str
    administrator: Administrator
    sessions: list[aiohttp.ClientSession]
    function_key: str
    table_port: int
    answers: list[Answer] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    unavailable: int = 0
    broken: int = 0
    _sent: int = 0

    async def prepare(self, *seats: int) -> tuple[list[str], str]:
        """Turns the feature on and makes a policy with products of so many seats; gives their ids and the policy's."""
        await self.administrator.turn_feature(on=True)
        sku_ids = [str(uuid4()) for _ in seats]
        for sku_id, total in zip(sku_ids, seats, strict=True):
            plan = {"servicePlanId": TEAMS1, "servicePlanName": "TEAMS1", "displayName": "Microsoft Teams"}
            names = {"skuPartNumber": f"SKU_{total}", "displayName": f"Product with {total} seats"}
            await self.administrator.put_product({"skuId": sku_id, **names, "servicePlans": [plan]}, total)
        return sku_ids, await self.administrator.create_policy(sku_ids)

    async def sign_in(self, user_id: str, sign_in_id: str | None = None) -> Answer:
        """Signs a user in, again under the same id while the answer is 503 or lost."""
        sign_in_id = sign_in_id or str(uuid4())
        first = time.monotonic()
        for _ in range(REPEATS):
            content = await self._send(user_id, sign_in_id)
            if content is not None:
                sku_id = content.get("license", {}).get("skuId")
                answer = Answer(user_id, sign_in_id, content["outcome"], sku_id, first, time.monotonic())
                self.answers.append(answer)
                return answer
            await asyncio.sleep(REPEAT_PAUSE_SECONDS)
        raise AssertionError(f"no answer for {user_id} in {REPEATS} tries")

    async def _send(self, user_id: str, sign_in_id: str) -> dict[str, Any] | None:
        self._sent += 1
        session = self.sessions[self._sent % len(self.sessions)]
        body = {"tenantId": self.id, "appId": TEAMS, "user": {"id": user_id}, "signInId": sign_in_id}
        began = time.monotonic()
        try:
            async with session.post("sign-ins", json=body, headers={"x-functions-key": self.function_key}) as response:
                content: dict[str, Any] = await response.json()
        except (aiohttp.ClientError, ConnectionError):
            self.broken += 1
            return None
        finally:
            self.seconds.append(time.monotonic() - began)
        if response.status == 503:
            assert int(response.headers["Retry-After"]) >= 1
            self.unavailable += 1
            return None
        assert response.status == 200, content
        return content

    async def storm(self, user_ids: Iterable[str], *, callers: int = 32, sign_in_id: str | None = None) -> None:
        """Afterwards each of these has signed in, from so many callers, under a new id each or all under one."""

        async def sign_in(user_id: str) -> None:
            await self.sign_in(user_id, sign_in_id)

        await call_at_once(deque(user_ids), callers, sign_in)

    async def until(self, is_true: Callable[["Tenant"], bool], seconds: float = 60.0) -> None:
        """Waits until the answers so far are as wanted."""
        async with asyncio.timeout(seconds):
            while not is_true(self):  # noqa: ASYNC110 - answers come from many tasks
                await asyncio.sleep(0.005)

    def outcomes(self) -> Counter[tuple[str, str | None]]:
        """How many were told each outcome, with each product."""
        return Counter((answer.outcome, answer.sku_id) for answer in self.answers)

    def books(self) -> Books:
        """All rows of the tenant."""
        return read_books(connection_string(self.table_port), self.id)

    def assert_rules_held(self) -> Books:
        """No seat was given twice, and nothing that was told is untrue. Gives the rows."""
        books = self.books()
        for verdict in (
            never_oversold(books),
            exact(books),
            one_claim(books, TEAMS),
            nothing_lost(books, self.answers),
            monotone(books, self.answers),
        ):
            assert verdict.held, str(verdict)
        return books

    def figures(self) -> str:
        """How fast the answers came."""
        claimed = sum(answer.outcome == "claimed" for answer in self.answers)
        took = max(each.ended for each in self.answers) - min(each.began for each in self.answers)
        p50, p99 = (percentile(self.seconds, percent) for percent in (50, 99))
        return (
            f"{claimed} claimed in {took:.1f} s, {claimed / took:.0f}/s, p50 {p50:.3f} s, p99 {p99:.3f} s, "
            f"{self.unavailable} times 503, {self.broken} without an answer"
        )


@asynccontextmanager
async def tenant_on(table_port: int, *apps: RunningApp) -> AsyncIterator[Tenant]:
    """A new tenant whose people use these apps, which share a data folder and a storage."""
    tenant_id = str(uuid4())
    sessions = [session_of(app.address, CONNECTIONS) for app in apps]
    token = DevelopmentIssuer(apps[0].data).administrator_token(tenant_id)
    function_key = apps[0].data.keys().function
    tenant = Tenant(tenant_id, Administrator(sessions[0], token), sessions, function_key, table_port)
    try:
        yield tenant
        _log.info("%s", tenant.figures())
    finally:
        for session in sessions:
            await session.close()


def users(count: int) -> list[str]:
    """So many user ids."""
    return [f"user-{number}" for number in range(count)]
