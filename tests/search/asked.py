"""What is asked of a tenant, as plain data: the words that the search and its paper share."""

from dataclasses import dataclass

Chosen = tuple[tuple[str, tuple[str, ...]], ...]
"""A policy's products in assigning order, each with the service plans that are off."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A user signs in to an app; `event` is the source's id of that."""

    user: str
    app: str
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """An administrator turns the feature on or off."""

    on: bool


@dataclass(frozen=True, slots=True)
class PutProduct:
    """Makes a product, or writes it over."""

    sku: str
    total: int
    plans: tuple[str, ...]
    over: bool = True


@dataclass(frozen=True, slots=True)
class DeleteProduct:
    """Deletes a product."""

    sku: str


@dataclass(frozen=True, slots=True)
class PutApp:
    """Makes an app, or writes it over."""

    app: str
    plans: tuple[str, ...]
    over: bool = True


@dataclass(frozen=True, slots=True)
class CreatePolicy:
    """Makes a policy for an app."""

    policy: str
    app: str
    products: Chosen
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class EditPolicy:
    """Turns a policy on or off, or chooses its products."""

    policy: str
    enabled: bool | None = None
    products: Chosen | None = None


@dataclass(frozen=True, slots=True)
class DeletePolicy:
    """Deletes a policy."""

    policy: str


@dataclass(frozen=True, slots=True)
class Assign:
    """Gives a user a license, or chooses the plans of the one held."""

    user: str
    sku: str
    off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Takes back a user's license of a product, or all."""

    user: str
    sku: str | None = None


Change = (
    SignIn | Turn | PutProduct | DeleteProduct | PutApp | CreatePolicy | EditPolicy | DeletePolicy | Assign | TakeBack
)


@dataclass(frozen=True, slots=True)
class LookAtState:
    """Reads the tenant's state."""


@dataclass(frozen=True, slots=True)
class LookAtUser:
    """Reads a user's licenses."""

    user: str


@dataclass(frozen=True, slots=True)
class LookAtReport:
    """Reads the claims of all days."""


@dataclass(frozen=True, slots=True)
class CheckIntegrity:
    """Holds the rows against the journal."""


@dataclass(frozen=True, slots=True)
class LookElsewhere:
    """Reads another tenant's state. There is room for one, so the process forgets this one, unless somebody waits."""


Look = LookAtState | LookAtUser | LookAtReport | CheckIntegrity | LookElsewhere


@dataclass(frozen=True, slots=True)
class RollUp:
    """Counts claims into the report's rows."""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Makes the report's rows again."""


@dataclass(frozen=True, slots=True)
class Prune:
    """Removes what is old."""


@dataclass(frozen=True, slots=True)
class EraseNames:
    """Takes a user's names out of what was written."""

    user: str


@dataclass(frozen=True, slots=True)
class DeleteTenant:
    """Ends the tenant's life: what comes after that is another one's."""


@dataclass(frozen=True, slots=True)
class MoveTenant:
    """Moves the tenant to a storage account."""

    to: str


Chore = RollUp | Rebuild | Prune | EraseNames | DeleteTenant | MoveTenant

Request = Change | Look | Chore
