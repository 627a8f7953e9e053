"""Why a caller is not believed.

AuthenticationError
├── UnauthenticatedError       the token is missing or bad: 401
│   └── UnknownKeyError        signed with a key that its issuer does not have
├── KeysUnavailableError       cannot tell now: the issuer's keys cannot be had
└── KeyFetchError              one fetch of a key set went wrong; ends in `signing_keys`, no caller sees it
    └── InvalidKeySetError     what was fetched is no key set that can be used
"""


class AuthenticationError(Exception):
    """Stands for all errors of this package."""


class UnauthenticatedError(AuthenticationError):
    """The token is missing or bad; the message says in general words why, never the token or a key."""


class UnknownKeyError(UnauthenticatedError):
    """The token names a signing key that its issuer does not have."""


class KeysUnavailableError(AuthenticationError):
    """The issuer's signing keys cannot be had now, so the token can be neither believed nor refused."""


class KeyFetchError(AuthenticationError):
    """A key set could not be fetched; the message says why."""


class InvalidKeySetError(KeyFetchError):
    """A document is not a JSON Web Key Set with a key for signatures that can be used."""
