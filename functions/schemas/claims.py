"""Claims in answers: who claimed, what and when; and as rows of a CSV file."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Final

from domain.claims import Claim
from domain.times import format_time
from functions.schemas.fields import AnswerModel


class ClaimAnswer(AnswerModel):
    """A claim. Names are as they were at the claim; `held` is false once the license was taken back."""

    user_id: str
    user_principal_name: str | None = None
    display_name: str | None = None
    sku_id: str
    product_name: str
    assigning_order: int
    claimed_at: str
    held: bool


class ClaimList(AnswerModel):
    """A page of claims. It may be short or empty and still have a next."""

    value: list[ClaimAnswer]
    next_link: str | None = None


class PolicyClaimAnswer(ClaimAnswer):
    """A claim, and the policy that it was made under."""

    policy_id: str
    policy_name: str


class PolicyClaimList(AnswerModel):
    """A page of claims under several policies."""

    value: list[PolicyClaimAnswer]
    next_link: str | None = None


def claim_answer(claim: Claim, *, held: bool) -> ClaimAnswer:
    """A claim as it is answered."""
    return ClaimAnswer(
        user_id=claim.user_id,
        user_principal_name=claim.principal_name,
        display_name=claim.display_name,
        sku_id=claim.sku_id,
        product_name=claim.product_name,
        assigning_order=claim.assigning_order,
        claimed_at=format_time(claim.at),
        held=held,
    )


def policy_claim_answer(claim: Claim, *, held: bool) -> PolicyClaimAnswer:
    """A claim with its policy as it is answered."""
    return PolicyClaimAnswer(
        policy_id=claim.policy_id, policy_name=claim.policy_name, **dict(claim_answer(claim, held=held))
    )


CSV_COLUMNS: Final = (
    "claimedAt",
    "policyId",
    "policyName",
    "userId",
    "userPrincipalName",
    "displayName",
    "skuId",
    "productName",
    "assigningOrder",
    "held",
)
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
"""Tells spreadsheet programs that the file is UTF-8."""

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


class TooManyRowsError(Exception):
    """There are more rows than a file may have."""


async def claims_csv(claims: AsyncIterator[tuple[Claim, bool]], most_rows: int) -> bytes:
    """The claims as a CSV file (RFC 4180): UTF-8 with byte-order mark, CRLF, a header row.

    A cell that a spreadsheet program would run as a formula gets an apostrophe before it.

    Raises:
        TooManyRowsError: There are more than `most_rows`.
    """
    file = io.BytesIO(BYTE_ORDER_MARK)
    file.seek(0, io.SEEK_END)
    text = io.TextIOWrapper(file, "utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    rows = 0
    async for claim, held in claims:
        rows += 1
        if rows > most_rows:
            raise TooManyRowsError
        answer = policy_claim_answer(claim, held=held).model_dump(mode="json", by_alias=True)
        writer.writerow([_cell(answer[column]) for column in CSV_COLUMNS])
    text.flush()
    return file.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
