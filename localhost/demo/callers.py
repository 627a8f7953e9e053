"""Many callers at once, who tell of sign-ins as Microsoft Entra's custom authentication extension does."""

import asyncio
import random
import time
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp

from localhost.audit import Answer
from localhost.demo.people import Person

WorkT = TypeVar("WorkT")

REQUEST_SECONDS = 15.0
"""The app answers Entra within 1.5 s and administrators within 10: whoever waits this long waits for a fault."""
PENDING_REPEATS = 20
"""How often a sign-in is sent again while it is answered `pending`."""
PENDING_PAUSE_SECONDS = 0.2

PENDING = "pending"
_TEAMS_CLIENT = "1fec8e78-bce4-4aaf-ab1b-5451cc387264"
_GRAPH = "00000003-0000-0000-c000-000000000000"


class SignInError(Exception):
    """A sign-in was not answered as it must be; the message has the answer."""


async def call_at_once(work: "deque[WorkT]", callers: int, do: Callable[[WorkT], Awaitable[None]]) -> None:
    """Afterwards all work is done, by so many callers at once, each on one piece at a time.

    Doing a piece may add others. The first failure ends all callers, and is raised.
    """

    async def caller() -> None:
        while work:
            await do(work.popleft())

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(callers):
                group.create_task(caller())
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from errors


@dataclass(slots=True)
class EntraSource:
    """Sends sign-ins of one tenant.

    Attributes:
        session: Has the app's address, with /api/.
        token: The token that Entra's extension sends.
        tenant_id: The tenant.
        answers: What was told, in the order of the answers; `pending` is not among them.
        seconds: How long each request took, `pending` ones too.
        pending: How often `pending` was the answer.
    """

    session: aiohttp.ClientSession
    token: str
    tenant_id: str
    answers: list[Answer] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    pending: int = 0

    async def sign_in(self, person: Person) -> Answer:
        """Signs a person in once, under a new correlation id, until the answer is another than `pending`.

        Raises:
            SignInError: It stayed `pending`, or the answer is none of Entra's.
            aiohttp.ClientError, TimeoutError: There is no answer.
        """
        correlation_id = str(uuid.uuid4())
        event = token_issuance_start(self.tenant_id, person, correlation_id)
        first = time.monotonic()
        for _ in range(PENDING_REPEATS):
            began = time.monotonic()
            claims = await self._send(event)
            ended = time.monotonic()
            self.seconds.append(ended - began)
            outcome = claims["autoClaimOutcome"]
            if outcome != PENDING:
                answer = Answer(person.id, correlation_id, outcome, claims.get("autoClaimSkuId"), first, ended)
                self.answers.append(answer)
                return answer
            self.pending += 1
            await asyncio.sleep(PENDING_PAUSE_SECONDS)
        raise SignInError(f"{person.principal_name} was answered {PENDING} {PENDING_REPEATS} times")

    async def _send(self, event: dict[str, Any]) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.session.post("webhooks/entra/token-issuance-start", json=event, headers=headers) as response:
            if response.status != 200:  # noqa: PLR2004 - HTTP's OK
                raise SignInError(f"A sign-in was answered {response.status}: {await response.text()}")
            content = await response.json()
        claims: dict[str, str] = content["data"]["actions"][0]["claims"]
        return claims


def session_of(address: str, callers: int) -> aiohttp.ClientSession:
    """A session for so many callers at once. To be closed."""
    connector = aiohttp.TCPConnector(limit=callers)
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    return aiohttp.ClientSession(f"{address}/api/", connector=connector, timeout=timeout)


async def storm(
    source: EntraSource, everybody: list[Person], *, callers: int, repeat_every: int, progress: Callable[[int], None]
) -> float:
    """Signs everybody in, and some a second time under a new id, some time after their first answer.

    Args:
        source: Gets the answers.
        everybody: Who signs in.
        callers: How many sign-ins are under way at once.
        repeat_every: Every so many-th person comes twice.
        progress: Is told the number of sign-ins answered.

    Returns:
        How long it took, in seconds.
    """
    work = deque((person, number % repeat_every == 0) for number, person in enumerate(everybody))
    done = 0

    async def sign_in(step: tuple[Person, bool]) -> None:
        nonlocal done
        person, comes_again = step
        await source.sign_in(person)
        if comes_again:
            # Anywhere in what is left, so that repeats come among the others, soon or late.
            work.insert(random.randint(0, len(work)), (person, False))  # noqa: S311 - no secret
        done += 1
        progress(done)

    began = time.monotonic()
    await call_at_once(work, callers, sign_in)
    return time.monotonic() - began


def token_issuance_start(tenant_id: str, person: Person, correlation_id: str) -> dict[str, Any]:
    """The event onTokenIssuanceStart as Entra sends it.

    Source: https://learn.microsoft.com/entra/identity-platform/custom-claims-provider-reference
    """
    teams = {"appId": _TEAMS_CLIENT, "appDisplayName": "Microsoft Teams", "displayName": "Microsoft Teams"}
    graph = {"appId": _GRAPH, "appDisplayName": "Microsoft Graph", "displayName": "Microsoft Graph"}
    return {
        "type": "microsoft.graph.authenticationEvent.tokenIssuanceStart",
        "source": f"/tenants/{tenant_id}/applications/{_TEAMS_CLIENT}",
        "data": {
            "@odata.type": "microsoft.graph.onTokenIssuanceStartCalloutData",
            "tenantId": tenant_id,
            "authenticationEventListenerId": "a1d8a3a0-6f0b-4d1f-9b0e-0f6b2f7f7c01",
            "customAuthenticationExtensionId": "c7a2b3c4-2a54-4c39-a8de-3d9f7b0a5e02",
            "authenticationContext": {
                "correlationId": correlation_id,
                "client": {"ip": "127.0.0.1", "locale": "en-us", "market": "en-us"},
                "protocol": "OAUTH2.0",
                "clientServicePrincipal": {"id": "3f1d0b8e-5f0b-4a59-8d24-8f2f2b1c6d03", **teams},
                "resourceServicePrincipal": {"id": "5e8f5b62-9b6a-44f7-b0a5-2a4d3d9f8e04", **graph},
                "user": {
                    "id": person.id,
                    "userPrincipalName": person.principal_name,
                    "mail": person.principal_name,
                    "displayName": f"{person.given_name} {person.surname}",
                    "givenName": person.given_name,
                    "surname": person.surname,
                    "companyName": "Contoso",
                    "createdDateTime": "2024-05-17T08:30:00Z",
                    "preferredLanguage": "en-us",
                    "userType": "Member",
                },
            },
        },
    }
