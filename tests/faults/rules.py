"""The rules that a storm is judged by, and what breaks one."""

from dataclasses import dataclass

NEVER_OVERSOLD = "never oversold"
EXACT = "exact"
ONE_CLAIM = "one claim"
NOTHING_LOST = "nothing lost"
MONOTONE = "monotone"
PROMPT = "prompt"
TAKES_NOTHING = "takes nothing"
"""The seven rules of the product. What was told holds until the tenant is deleted: they are of one life each."""

TRUE_ANSWERS = "true answers"
"""What somebody is told is so on some state between question and answer."""
TIME = "time"
"""No clock that runs ahead makes a commit of the future."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that did not hold, and what shows it."""

    rule: str
    what: str
