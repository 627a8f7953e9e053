"""The auditor's own account: everything that callers of one tenant were told, and when. Nothing here is the product's.

An answer that was lost, or was a 503, is kept as well: what was asked for has then happened, once, or has not. The
account accepts both until the journal says which; and from then on every other answer must agree with that.

Times are of one monotonic clock, in seconds: when a request was sent, and when its answer was there.
"""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SignInTold:
    """One sign-in request. A repeat is another request with the same `sign_in_id`.

    Attributes:
        user_id: Who signed in.
        reference: To what: an app id or a client app id.
        sign_in_id: The sign-in's own id.
        began: When it was sent.
        ended: When it was answered, or given up.
        outcome: What it was told; None if the answer was lost or says that it is not known.
        sku_id: The product of the license told of, if any.
        policy_id: The policy told of, if any.
        at: When the license told of was assigned, if any.
    """

    user_id: str
    reference: str
    sign_in_id: str
    began: float
    ended: float
    outcome: str | None = None
    sku_id: str | None = None
    policy_id: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeTold:
    """One change by an administrator who does nothing else, so that the journal's actor tells which it was.

    Attributes:
        actor_id: That administrator.
        asked: What was asked for, for people.
        target: What it is about, as the journal says it; None where that is not known before.
        began: When it was sent.
        ended: When it was answered, or given up.
        status: The answer's; None if it was lost.
        code: The error's code, if it was refused.
        version: The commit that made the resource what it is, if the answer tells.
    """

    actor_id: str
    asked: str
    target: str | None
    began: float
    ended: float
    status: int | None
    code: str | None = None
    version: int | None = None

    @property
    def is_done(self) -> bool:
        """Whether it was told that everything is as asked for."""
        return self.status in {200, 201, 204}

    @property
    def is_open(self) -> bool:
        """Whether it may have been done or not, for all that was told."""
        return self.status in {None, 503}

    @property
    def is_about_licenses(self) -> bool:
        """Whether it is about what a user holds. That is taken back also where there is nothing."""
        return (self.target or "").startswith("users/")


@dataclass(frozen=True, slots=True)
class ViewTold:
    """Something read that shows the tenant at one moment.

    Attributes:
        view: What was read.
        subject: Of whom or what.
        began: When it was asked for.
        ended: When it was there.
        content: What it was, as tests/faults/views.py writes it.
    """

    view: str
    subject: str
    began: float
    ended: float
    content: str


@dataclass(frozen=True, slots=True)
class DeletionTold:
    """One run of the operator's command that deletes the tenant.

    Attributes:
        began: When it was started.
        ended: When it had ended. What it has sent may arrive later, unless it was done: this is after that.
        exit_code: What it said; None if it was killed.
        removing: When it was seen to remove rows, if it was. It had closed the tenant then, or found it closed, and
            never closes it again.
    """

    began: float
    ended: float
    exit_code: int | None
    removing: float | None = None

    @property
    def is_done(self) -> bool:
        """Whether it was told that the tenant is deleted."""
        return self.exit_code == 0

    @property
    def closes_until(self) -> float:
        """When it can no longer close the tenant."""
        return self.ended if self.removing is None else self.removing


@dataclass(slots=True)
class Account:
    """What callers of one tenant were told.

    Attributes:
        tenant_id: The tenant.
        sign_ins: Every sign-in request.
        changes: Every administrator's change.
        views: Everything read.
        deletions: Every run that deletes the tenant.
        strange: Answers that nobody should ever get.
        answered: How many sign-ins were answered, by outcome.
        repeats: How many sign-in requests were repeats.
        unanswered: How many requests of any kind were lost or answered 503.
    """

    tenant_id: str
    sign_ins: list[SignInTold] = field(default_factory=list)
    changes: list[ChangeTold] = field(default_factory=list)
    views: list[ViewTold] = field(default_factory=list)
    deletions: list[DeletionTold] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    answered: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    unanswered: int = 0
