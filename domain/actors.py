"""Who makes changes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Administrator:
    """A person or application that administers a tenant.

    Attributes:
        id: The object id of the person, or the client id of the application.
        name: The principal name, if the token had one.
    """

    id: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class SignInSource:
    """Whatever tells of sign-ins: the actor of every claim."""


Actor = Administrator | SignInSource
