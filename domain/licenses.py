"""Licenses and the users who hold them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.actors import Administrator
from domain.catalog import App, Product
from domain.times import format_time

LICENSES_PER_USER: Final = 50
DIGEST_MODULUS: Final = 1 << 128

_TO_JSON: Final = json.JSONEncoder(separators=(",", ":")).encode
"""Made once: json.dumps makes an encoder for each call."""


@dataclass(frozen=True, slots=True)
class PolicyClaim:
    """Where a license came from: a sign-in under a policy.

    Attributes:
        policy_id: The policy.
        policy_name: Its name at the claim.
        app_id: The app that was signed in to.
        sign_in_id: The caller's id of the sign-in, if it sent one: a repeat of it is answered as the claim.
        sequence: The commit that granted it.
        place: Its place among that commit's journal entries, from 0.
    """

    policy_id: str
    policy_name: str
    app_id: str
    sign_in_id: str | None
    sequence: int
    place: int


@dataclass(frozen=True, slots=True)
class License:
    """One product held by one user.

    Attributes:
        sku_id: The product.
        disabled_service_plan_ids: The service plans that were turned off in it; see `Product.still_off`.
        assigned_at: When it was claimed or assigned.
        assigned_by: Where it came from.
        version: The commit that last chose its service plans.
    """

    sku_id: str
    disabled_service_plan_ids: tuple[str, ...]
    assigned_at: datetime
    assigned_by: PolicyClaim | Administrator
    version: int = 0


@dataclass(frozen=True, slots=True)
class User:
    """A user and all licenses held. One who was never seen is the same as one who holds nothing."""

    id: str
    principal_name: str | None = None
    display_name: str | None = None
    licenses: tuple[License, ...] = ()

    def license_of(self, sku_id: str) -> License | None:
        """The license of a product, if held."""
        return next((held for held in self.licenses if held.sku_id == sku_id), None)


def licenses_app(app: App, product: Product, disabled_service_plan_ids: tuple[str, ...]) -> bool:
    """Whether one of the app's service plans is on in the product once the disabled ones are off."""
    return any(
        plan_id in product.service_plan_ids and plan_id not in disabled_service_plan_ids
        for plan_id in app.service_plan_ids
    )


def licenses_for(user: User, app: App, products: Mapping[str, Product]) -> tuple[License, ...]:
    """The user's licenses that license the app; a user who has one is licensed for the app."""
    return tuple(held for held in user.licenses if licenses_app(app, products[held.sku_id], off_in(held, products)))


def off_in(held: License, products: Mapping[str, Product]) -> tuple[str, ...]:
    """The service plans that are off in a license today: one that its product lost and has again is on."""
    return products[held.sku_id].still_off(held.disabled_service_plan_ids, held.version)


def digest_of(user: User) -> int:
    """The user's part in the digest of all licenses held: an additive hash, below 2 to the power of 128.

    Additive, so that a commit updates the total from what it changes and a check can add it up in pieces.
    """
    return sum(license_digest(user.id, held) for held in user.licenses) % DIGEST_MODULUS


def license_digest(user_id: str, held: License) -> int:
    """One license's part in the digest."""
    origin = held.assigned_by
    facts: list[object] = [
        user_id,
        held.sku_id,
        held.disabled_service_plan_ids,
        format_time(held.assigned_at),
    ]
    if isinstance(origin, PolicyClaim):
        facts += [origin.policy_id, origin.sequence, origin.place]
    else:
        facts += [origin.id]
    return int.from_bytes(hashlib.blake2b(_TO_JSON(facts).encode(), digest_size=16).digest())
