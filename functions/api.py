"""The HTTP API: all of its operations, in one place."""

from typing import Final

from functions.http.operations import Operations
from functions.sources import entra, sign_ins
from functions.triggers import (
    apps,
    audit,
    claims,
    docs,
    health,
    integrity,
    me,
    openapi,
    policies,
    products,
    reports,
    settings,
    users,
)

_DESCRIBED: Final[tuple[Operations, ...]] = (
    me.operations,
    settings.operations,
    apps.operations,
    products.operations,
    policies.operations,
    claims.operations,
    reports.operations,
    audit.operations,
    integrity.operations,
    users.operations,
    sign_ins.operations,
    entra.operations,
    health.operations,
    docs.operations,
)
ALL_OPERATIONS: Final[tuple[Operations, ...]] = (*_DESCRIBED, openapi.describing(_DESCRIBED))
