"""Answers that may rest on what a process remembers: `alreadyLicensed`, and no other.

A process may answer it by a row of the user and a configuration that it knows. Each was so at some moment of the last
minute, but not always at the same one: they may be of two states, and of two lives.

    question - 60 s                                     question ── answer
         │     row of the user        configuration         │         │
         └──────────┴───────────────────────┴───────────────┴─────────┘
"""

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace

from tests.faults.explained import states
from tests.faults.history import Commit, Held, State

REMEMBERED_SECONDS = 60.0
"""How long before its question what an answer rests on may have been so."""


@dataclass(slots=True)
class Recollection:
    """An answer that may rest on what was remembered.

    Attributes:
        user_id: Who was answered.
        first: The place in the line of the first commit whose state it may rest on; 0 is before any.
        last: That of the last one.
        holds: Whether it is true on a state.
        what: What was told, for people.
    """

    user_id: str
    first: int
    last: int
    holds: Callable[[State], bool]
    what: str
    _users: list[dict[str, Held]] = field(default_factory=list)
    _configurations: list[State] = field(default_factory=list)

    def is_so(self, state: State, configuration: State) -> bool:
        """Whether it is true now, with any row of the user and any configuration that there were so far.

        Args:
            state: The state now.
            configuration: Its configuration, which never changes.
        """
        user = deepcopy(state.of(self.user_id))
        is_new_user = bool(user) and user not in self._users
        is_new_configuration = not self._configurations or self._configurations[-1] is not configuration
        if is_new_user:
            self._users.append(user)
        if is_new_configuration:
            self._configurations.append(configuration)
            for each in self._users:
                _forget_plans(each, configuration)
        return (is_new_user and any(self._holds(user, each) for each in self._configurations)) or (
            is_new_configuration and any(self._holds(each, configuration) for each in self._users)
        )

    def _holds(self, user: dict[str, Held], configuration: State) -> bool:
        if user.keys() - configuration.products.keys():
            return False
        return self.holds(replace(configuration, licenses={self.user_id: user}))


def _forget_plans(user: dict[str, Held], configuration: State) -> None:
    """A plan that goes from a product is forgotten wherever it was off, also in what is remembered."""
    for sku_id, held in user.items():
        product = configuration.products.get(sku_id)
        held.off &= product.plans if product else frozenset()


def unremembered(commits: Sequence[Commit], answers: Iterable[Recollection]) -> list[Recollection]:
    """Those that are true on nothing that can be remembered."""
    waiting = sorted(answers, key=lambda each: each.first, reverse=True)
    active: list[Recollection] = []
    found: list[Recollection] = []
    configuration = State()
    for place, state, is_committed in states(commits):
        if not is_committed:
            continue
        if place and _is_configured(commits[place - 1]):
            configuration = deepcopy(replace(state, licenses={}))
        while waiting and waiting[-1].first <= place:
            active.append(waiting.pop())
        active = [each for each in active if not each.is_so(state, configuration)]
        found += [each for each in active if each.last <= place]
        active = [each for each in active if each.last > place]
    return found + active + waiting


def _is_configured(commit: Commit) -> bool:
    """Whether it changes anything besides what users hold."""
    return commit.ended_by is not None or any(not entry.target.startswith("users/") for entry in commit.entries)
