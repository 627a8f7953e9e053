"""What the document says about the API as a whole."""

from dataclasses import dataclass
from typing import Any, Final

from functions.http.admission import ANYONE, ENTRA, MANAGERS, READERS, SIGN_IN_SOURCES, Admission

DESCRIPTION: Final = """\
Users claim a license by signing in: an administrator writes an auto-claim policy for an app, and whoever signs in to \
that app without being licensed for it gets a license of the policy's first product that has one left.

**Errors** have one body, `{"error": {"code", "message", "target"?, "details"?}}`, and their code also as the header \
`x-ms-error-code`. The first fault that applies is answered: 401, 403, 404 for an id in the path, 413, 415, \
`BodyMissing`, `InvalidJson`, `InvalidRequest` (all faults of fields together, in `details`), 428, 412, the other \
400s, the 409s. What the Functions host answers itself (an unknown route or method: 404; a wrong function key: 401) \
has no body and none of the headers.

**Bodies** are JSON in UTF-8 with a Content-Length, at most 64 KiB (a product: 256 KiB). Unknown and read-only fields, \
null and duplicates are refused.

**Versions.** One settings, app, product or policy has an ETag, in the header and as `etag` in the body. PATCH, DELETE \
and a PUT that replaces need it in `If-Match`, or `*` there. A write that changes nothing keeps the ETag.

**Lists** come in pages: follow `nextLink` as it is until there is none. A page may be short or empty and still \
have one.

**Overload.** 429: not done. 503: may have been done, so repeat it. Both say in `Retry-After` when.

Optional fields are left out of answers, never null. Answers may gain fields, and outcomes, actions and codes may be \
added: ignore what you do not know. Times are UTC with three fraction digits.

**Codes** of errors, by status:
"""


@dataclass(frozen=True, slots=True)
class Tag:
    """Operations that are shown together."""

    name: str
    description: str


TAGS: Final = {
    "me": Tag("Caller", "Who the caller is, and what the caller may do."),
    "settings": Tag("Settings", "Auto-claim as a whole, on or off."),
    "apps": Tag("Apps", "What users sign in to, and the service plans that license it."),
    "products": Tag("Products", "Purchased subscriptions, their licenses and service plans."),
    "policies": Tag("Policies", "Who signs in to this app gets a license of these products, in this order."),
    "reports": Tag("Reports", "What was claimed in the last 1, 7, 30 or 90 days."),
    "audit-log": Tag("Audit log", "Every change, newest first."),
    "integrity": Tag("Integrity", "Whether licenses, counts, journal and reports agree."),
    "users": Tag("Users", "Who has which licenses; assigning by hand and taking back."),
    "sign-ins": Tag("Sign-ins", "Tell of a sign-in, and the user may claim."),
    "webhooks": Tag("Sign-ins", "Tell of a sign-in, and the user may claim."),
    "health": Tag("Service", "The service itself."),
    "openapi.json": Tag("Service", "The service itself."),
    "docs": Tag("Service", "The service itself."),
}
"""By the first part of the route, in the order in which they are shown."""

_JWT: Final = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
SECURITY_SCHEMES: Final[dict[str, dict[str, Any]]] = {
    "administrator": {
        **_JWT,
        "description": (
            "An administrator's access token for this API. Its tenant is the tenant, and its directory roles (`wids`) "
            "or app roles (`roles`) give the right to read or to manage."
        ),
    },
    "entra": {
        **_JWT,
        "description": "The token that Microsoft Entra sends to a custom authentication extension.",
    },
    "functionKey": {
        "type": "apiKey",
        "in": "header",
        "name": "x-functions-key",
        "description": "A key of the function app.",
    },
    "functionKeyInQuery": {
        "type": "apiKey",
        "in": "query",
        "name": "code",
        "description": "The same key, for sources that cannot send headers.",
    },
}
SECURITY: Final[dict[Admission, list[dict[str, list[str]]]]] = {
    READERS: [{"administrator": []}],
    MANAGERS: [{"administrator": []}],
    ENTRA: [{"entra": []}],
    SIGN_IN_SOURCES: [{"functionKey": []}, {"functionKeyInQuery": []}],
    ANYONE: [],
}
"""What lets in to an operation."""
