"""Whose tokens are trusted, and with which keys: the setting TRUSTED_ISSUERS."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from functions.settings.checks import InvalidSettingError, absolute_url, entries_of, guid, members_of, object_of

SIGNATURE_ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
)
DEFAULT_ALGORITHMS: Final = ("RS256",)
TENANT_PLACEHOLDER: Final = "{tid}"


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """One token issuer, its keys and the tenants that it may speak for.

    Attributes:
        issuer: The `iss` claim of its tokens. May hold `{tid}`, which must then equal the token's tenant.
        tenants: Tenants (lower-case GUIDs) that it may speak for; empty means any, allowed only with `{tid}`.
        jwks_url: Where its signing keys are fetched from, or None when `jwks` has them.
        jwks: Its signing keys as a JSON Web Key Set (RFC 7517), for an issuer that serves none.
        algorithms: Signature algorithms that its tokens may use, asymmetric ones only.
    """

    issuer: str
    tenants: frozenset[str] = frozenset()
    jwks_url: str | None = None
    jwks: Mapping[str, Any] | None = None
    algorithms: tuple[str, ...] = DEFAULT_ALGORITHMS


def trusted_issuers(name: str, text: str | None) -> tuple[TrustedIssuer, ...]:
    """Reads and checks the setting of that name.

    Raises:
        InvalidSettingError: At the first fault.
    """
    wanted = 'a JSON list of {"issuer", "tenants"?, "jwksUrl" or "jwks", "algorithms"?}, at least one'
    entries = entries_of(name, text, wanted)
    if not entries:
        raise InvalidSettingError(f"{name}: must be {wanted}")
    issuers = tuple(_trusted_issuer(f"{name}[{i}]", entry) for i, entry in enumerate(entries))
    listed = [issuer.issuer for issuer in issuers]
    for issuer in listed:
        if listed.count(issuer) > 1:
            raise InvalidSettingError(f"{name}: {issuer!r} is listed twice; list each issuer once")
    return issuers


def _trusted_issuer(place: str, given: object) -> TrustedIssuer:
    entry = object_of(place, given, {"issuer", "tenants", "jwksUrl", "jwks", "algorithms"})
    issuer = entry.get("issuer")
    if not isinstance(issuer, str) or not issuer or set("{}") & set(issuer.replace(TENANT_PLACEHOLDER, "")):
        raise InvalidSettingError(
            f"{place}.issuer: {issuer!r} is not the `iss` claim of tokens, with {TENANT_PLACEHOLDER} where "
            "the tenant stands if it serves several"
        )
    tenants = members_of(f"{place}.tenants", entry.get("tenants", []), guid)
    if not tenants and TENANT_PLACEHOLDER not in issuer:
        raise InvalidSettingError(f"{place}.tenants: is empty; list the tenants that {issuer!r} may speak for")
    if ("jwksUrl" in entry) == ("jwks" in entry):
        raise InvalidSettingError(f"{place}: must have jwksUrl or jwks, one of the two")
    algorithms = members_of(f"{place}.algorithms", entry.get("algorithms", list(DEFAULT_ALGORITHMS)), _algorithm)
    if not algorithms:
        raise InvalidSettingError(f"{place}.algorithms: is empty; leave it out for {DEFAULT_ALGORITHMS}")
    return TrustedIssuer(
        issuer=issuer,
        tenants=frozenset(tenants),
        jwks_url=_key_set_url(f"{place}.jwksUrl", entry["jwksUrl"]) if "jwksUrl" in entry else None,
        jwks=_key_set(f"{place}.jwks", entry["jwks"]) if "jwks" in entry else None,
        algorithms=algorithms,
    )


def _algorithm(place: str, value: object) -> str:
    if not isinstance(value, str) or value not in SIGNATURE_ALGORITHMS:
        raise InvalidSettingError(f"{place}: {value!r} is none of {', '.join(SIGNATURE_ALGORITHMS)}")
    return value


def _key_set_url(place: str, value: object) -> str:
    url = absolute_url(place, value, {"http", "https"})
    if url.scheme == "http" and url.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise InvalidSettingError(
            f"{place}: {value!r} must be https; http is for this machine only (localhost, 127.0.0.1, ::1)"
        )
    return url.geturl()


def _key_set(place: str, value: object) -> Mapping[str, Any]:
    keys = value.get("keys") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(keys, list) or not keys:
        raise InvalidSettingError(f'{place}: must be a JSON Web Key Set: {{"keys": [...]}} with at least one key')
    for index, key in enumerate(keys):
        if not isinstance(key, dict) or key.get("kty") not in ("RSA", "EC") or "d" in key:
            raise InvalidSettingError(f"{place}.keys[{index}]: must be a public key (kty RSA or EC, without `d`)")
    return value
