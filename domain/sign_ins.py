"""A sign-in claims a license: the decision that the product exists for."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.actors import SignInSource
from domain.catalog import App, Policy, PolicyProduct
from domain.changes import Change, Decision, Stamp, UserChange
from domain.journal import Action, Entry
from domain.licenses import LICENSES_PER_USER, License, PolicyClaim, User, licenses_for
from domain.tenant import TenantState
from domain.times import format_time


class Outcome(StrEnum):
    """What came of a sign-in, in order of precedence: the first that is true is the answer."""

    FEATURE_OFF = "featureOff"
    NO_POLICY = "noPolicy"
    POLICY_OFF = "policyOff"
    ALREADY_LICENSED = "alreadyLicensed"
    APP_TURNED_OFF = "appTurnedOff"
    NO_LICENSES = "noLicenses"
    CLAIMED = "claimed"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A user signed in to an app.

    Attributes:
        tenant_id: The user's tenant.
        app_references: App ids or client app ids; the first that an app of the tenant has counts.
        user_id: The user. Every source of sign-ins must send the same id for the same person.
        principal_name: The user's principal name, if known.
        display_name: The user's display name, if known.
        sign_in_id: The source's id of this event: a repeat of the one that claimed is answered alike.
        signed_in_at: When the source says that it was: information, decides nothing.
    """

    tenant_id: str
    app_references: tuple[str, ...]
    user_id: str
    principal_name: str | None = None
    display_name: str | None = None
    sign_in_id: str | None = None
    signed_in_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """What a sign-in is told.

    Attributes:
        outcome: What came of it.
        app: The app that was signed in to, if the tenant has it.
        policy: The app's policy, from `policyOff` on.
        license: The license claimed, or the one that licenses the app already.
    """

    outcome: Outcome
    app: App | None = None
    policy: Policy | None = None
    license: License | None = None


def policy_in_force(state: TenantState, sign_in: SignIn) -> tuple[App, Policy] | ClaimAnswer:
    """The app and the policy that the sign-in may claim under, or the answer if there is none.

    Needs nothing of the user, so a sign-in that cannot claim costs no read of the user.
    """
    configuration = state.configuration
    if not configuration.settings.auto_claim_enabled:
        return ClaimAnswer(Outcome.FEATURE_OFF)
    found = (configuration.find_app(reference) for reference in sign_in.app_references)
    app = next((app for app in found if app), None)
    policy = configuration.policy_by_app_id.get(app.id) if app else None
    if app is None or policy is None:
        return ClaimAnswer(Outcome.NO_POLICY, app)
    if not policy.enabled:
        return ClaimAnswer(Outcome.POLICY_OFF, app, policy)
    return app, policy


def decide_claim(state: TenantState, user: User, sign_in: SignIn, stamp: Stamp) -> Decision[ClaimAnswer]:
    """Take a license for the user from the first product of the app's policy that has one, if one is due.

    A license that the user has is never changed or removed.
    """
    standing = policy_in_force(state, sign_in)
    if isinstance(standing, ClaimAnswer):
        return Decision(standing)
    app, policy = standing
    licensed = _licensed(state, user, sign_in, app=app, policy=policy)
    if licensed:
        return Decision(licensed)
    candidates = [product for product in policy.products if not user.license_of(product.sku_id)]
    if not candidates:
        return Decision(ClaimAnswer(Outcome.APP_TURNED_OFF, app, policy))
    free = next((product for product in candidates if state.available_licenses(product.sku_id) > 0), None)
    if free is None or len(user.licenses) >= LICENSES_PER_USER:
        return Decision(ClaimAnswer(Outcome.NO_LICENSES, app, policy))
    return _claim(state, user, sign_in, stamp, app=app, policy=policy, product=free)


def recall_license(state: TenantState, user: User, sign_in: SignIn) -> ClaimAnswer | None:
    """The answer to somebody who is licensed already, also where state and user are those of a moment ago.

    Nobody loses by it: the sign-in takes nothing, and the user's next one is looked at again. No other answer may
    rest on what is old: not a grant, not a refusal, not that a repeated sign-in has claimed.
    """
    standing = policy_in_force(state, sign_in)
    products = state.configuration.products
    if isinstance(standing, ClaimAnswer) or any(held.sku_id not in products for held in user.licenses):
        return None
    app, policy = standing
    licensed = _licensed(state, user, sign_in, app=app, policy=policy)
    return licensed if licensed and licensed.outcome is Outcome.ALREADY_LICENSED else None


def claimed_earlier(state: TenantState, sign_in: SignIn, sku_id: str, stamp: Stamp) -> ClaimAnswer | None:
    """The answer to a sign-in that claimed that product in that commit; None if it cannot have done so on the state."""
    standing = policy_in_force(state, sign_in)
    if isinstance(standing, ClaimAnswer):
        return None
    app, policy = standing
    product = next((product for product in policy.products if product.sku_id == sku_id), None)
    if product is None:
        return None
    claimed = _license(sign_in, stamp, app=app, policy=policy, product=product)
    return ClaimAnswer(Outcome.CLAIMED, app, policy, claimed)


def _licensed(state: TenantState, user: User, sign_in: SignIn, *, app: App, policy: Policy) -> ClaimAnswer | None:
    """The answer to somebody who is licensed for the app: a repeat of what claimed the license is answered alike."""
    held = licenses_for(user, app, state.configuration.products)
    if not held:
        return None
    repeated = next((license_ for license_ in held if _was_claimed_by(license_, sign_in, app)), None)
    if repeated:
        return ClaimAnswer(Outcome.CLAIMED, app, policy, repeated)
    return ClaimAnswer(Outcome.ALREADY_LICENSED, app, policy, held[0])


def _was_claimed_by(held: License, sign_in: SignIn, app: App) -> bool:
    origin = held.assigned_by
    return (
        sign_in.sign_in_id is not None
        and isinstance(origin, PolicyClaim)
        and origin.sign_in_id == sign_in.sign_in_id
        and origin.app_id == app.id
    )


def _license(sign_in: SignIn, stamp: Stamp, *, app: App, policy: Policy, product: PolicyProduct) -> License:
    """What a claim gives."""
    return License(
        sku_id=product.sku_id,
        disabled_service_plan_ids=product.disabled_service_plan_ids,
        assigned_at=stamp.at,
        assigned_by=PolicyClaim(policy.id, policy.name, app.id, sign_in.sign_in_id, stamp.sequence, stamp.place),
        version=stamp.sequence,
    )


def _claim(  # noqa: PLR0913 - the facts of a claim, all of them
    state: TenantState,
    user: User,
    sign_in: SignIn,
    stamp: Stamp,
    *,
    app: App,
    policy: Policy,
    product: PolicyProduct,
) -> Decision[ClaimAnswer]:
    claimed = _license(sign_in, stamp, app=app, policy=policy, product=product)
    after = replace(
        user,
        principal_name=sign_in.principal_name or user.principal_name,
        display_name=sign_in.display_name or user.display_name,
        licenses=(*user.licenses, claimed),
    )
    details = {
        "userId": user.id,
        "userPrincipalName": after.principal_name,
        "displayName": after.display_name,
        "skuId": product.sku_id,
        "productName": state.configuration.products[product.sku_id].display_name,
        "policyId": policy.id,
        "policyName": policy.name,
        "appId": app.id,
        "appName": app.name,
        "assigningOrder": policy.products.index(product) + 1,
        "signInId": sign_in.sign_in_id,
        "signedInAt": sign_in.signed_in_at and format_time(sign_in.signed_in_at),
    }
    entry = Entry(
        SignInSource(),
        Action.LICENSE_CLAIMED,
        f"users/{user.id}/licenses/{product.sku_id}",
        {name: value for name, value in details.items() if value is not None},
    )
    return Decision(
        ClaimAnswer(Outcome.CLAIMED, app, policy, claimed),
        Change(entries=(entry,), users=(UserChange(user, after),)),
    )
