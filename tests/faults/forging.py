"""Forging stories: what happened and what was told no longer agree, and the auditor must find it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from tests.faults.auditor import broken_rules
from tests.faults.history import Row
from tests.faults.story import Story


def rules(story: Story, wall_clock_zero: float | None = None, reports: Iterable[Row] = ()) -> set[str]:
    """The rules that the auditor finds broken in a story."""
    broken = broken_rules(list(story.rows.values()), story.account, wall_clock_zero, story.ended, reports)
    return {each.rule for each in broken}


def journal_key(sequence: int) -> str:
    """The RowKey of a commit."""
    return f"journal:{10**15 - 1 - sequence:015d}"


def rewrite(story: Story, key: str, edit: Callable[[Any], object]) -> None:
    """Change the content of a row in place."""
    content = json.loads(story.rows[key]["content"])
    edit(content)
    story.rows[key]["content"] = json.dumps(content)


def swap(story: Story, first: int, second: int) -> None:
    """Two commits in each other's place in the journal."""
    one, other = story.rows[journal_key(first)], story.rows[journal_key(second)]
    one["content"], other["content"] = other["content"], one["content"]


def put_first(actor: object, entries: Any) -> None:
    """Put an entry's actor in place: it comes first."""
    entries[0][0] = actor


def sign_in_told(story: Story, sign_in_id: str, **changes: Any) -> None:
    """The last answer to a sign-in, told otherwise."""
    told = story.account.sign_ins
    place = max(place for place, each in enumerate(told) if each.sign_in_id == sign_in_id)
    told[place] = replace(told[place], **changes)


def change_told(story: Story, place: int, **changes: Any) -> None:
    """An answer to an administrator, told otherwise."""
    told = story.account.changes
    told[place] = replace(told[place], **changes)
