"""People who sign in, in a storm: again and again, to several apps, and at nine o'clock all at the same moment."""

import asyncio
import time
from collections import deque
from random import Random

from tests.faults.account import SignInTold
from tests.faults.client import Reply
from tests.faults.draws import own_draws
from tests.faults.tenant import REFERENCES, StormTenant, guid

REGULARS = 60
"""People who come again and again; everybody else comes once."""
NEWCOMER_SHARE = 0.25
REPEAT_SHARE = 0.1
"""How many sign-ins are an old one sent once more, under its old id."""
GIVES_UP_SHARE = 0.2
"""How many callers do not ask again when an answer is lost."""
ONE_PROCESS_SHARE = 0.5
"""How many crowds come to one process: more of them than fit into one commit."""
SENDINGS_MAX = 12
"""How often a sign-in is sent while its answer is lost or 503."""
PAUSE_SECONDS_MAX = 0.4
"""Between two sendings of one sign-in."""
BREATH_SECONDS_MAX = 0.1
"""Between two sign-ins of one caller."""
REMEMBERED = 20
"""Old sign-ins that a caller may send once more."""

_Sent = tuple[str, str, str]


class Caller:
    """One caller: a source of sign-ins that sends one after the other, to any process or first to one."""

    def __init__(self, tenant: StormTenant, random: Random, process: float | None = None) -> None:
        self._tenant = tenant
        self._random = random
        self._process = process
        self._sent: deque[_Sent] = deque(maxlen=REMEMBERED)

    async def sign_in_until(self, deadline: float) -> None:
        """Sign people in, one after the other."""
        while time.monotonic() < deadline:
            if self._sent and self._random.random() < REPEAT_SHARE:
                self._tenant.account.repeats += 1
                await self.sign_in(*self._random.choice(self._sent))
            else:
                await self.sign_in(self._somebody(), self._random.choice(REFERENCES), guid(self._random))
            await asyncio.sleep(self._random.random() * BREATH_SECONDS_MAX)

    def _somebody(self) -> str:
        if self._random.random() < NEWCOMER_SHARE:
            return f"newcomer-{guid(self._random)}"
        return f"regular-{self._random.randrange(REGULARS)}"

    async def sign_in(self, user_id: str, reference: str, sign_in_id: str) -> None:
        """Sign somebody in, again under the same id while the answer is lost; some give up at once."""
        self._sent.append((user_id, reference, sign_in_id))
        gives_up = self._random.random() < GIVES_UP_SHARE
        for sending in range(SENDINGS_MAX):
            self._tenant.account.repeats += sending > 0
            process = self._process if sending == 0 else None
            if await self._send(user_id, reference, sign_in_id, process) or gives_up:
                return
            await asyncio.sleep(self._random.random() * PAUSE_SECONDS_MAX)

    async def _send(self, user_id: str, reference: str, sign_in_id: str, process: float | None) -> bool:
        """Whether it was answered."""
        tenant = self._tenant
        body = {"tenantId": tenant.id, "appId": reference, "user": {"id": user_id}, "signInId": sign_in_id}
        headers = {"x-functions-key": tenant.function_key}
        drawn = self._random.random()
        reply = await tenant.client.send(drawn if process is None else process, "POST", "sign-ins", headers, body)
        told = _told(user_id, reference, sign_in_id, reply)
        tenant.account.sign_ins.append(told)
        if told.outcome:
            tenant.account.answered[told.outcome] += 1
            return True
        tenant.account.unanswered += 1
        if reply.hung or reply.status not in {None, 503}:
            what = "never answered" if reply.hung else f"answered {reply.status}: {reply.content}"
            tenant.account.strange.append(f"sign-in {sign_in_id} of {user_id} at {reply.began:.3f} was {what}")
        return False


async def crowd(tenant: StormTenant, random: Random, people: int) -> None:
    """So many people who never came before sign in at the same moment; some crowds come all to one process."""
    process = random.random() if random.random() < ONE_PROCESS_SHARE else None
    callers = [Caller(tenant, own_draws(random), process) for _ in range(people)]
    reference = random.choice(REFERENCES)
    names = [f"crowd-{guid(random)}" for _ in callers]
    async with asyncio.TaskGroup() as group:
        for caller, name in zip(callers, names, strict=True):
            group.create_task(caller.sign_in(name, reference, guid(random)))


def _told(user_id: str, reference: str, sign_in_id: str, reply: Reply) -> SignInTold:
    told = SignInTold(user_id, reference, sign_in_id, reply.began, reply.ended)
    if reply.status != 200:
        return told
    content = reply.content
    held = content.get("license", {})
    at = held.get("assignedAt") if content["outcome"] == "claimed" else None
    return SignInTold(
        *(user_id, reference, sign_in_id, reply.began, reply.ended),
        outcome=content["outcome"],
        sku_id=held.get("skuId"),
        policy_id=content.get("policyId"),
        at=at,
    )
