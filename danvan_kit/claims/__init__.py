"""What a text says, held against the review: figures bound by a link, and figures found in plain prose."""

from __future__ import annotations

from danvan_kit.claims.bound import Claim, ClaimError, bound
from danvan_kit.claims.verify import COLUMNS, confirm, prose, verify_claims

__all__ = ["COLUMNS", "Claim", "ClaimError", "bound", "confirm", "prose", "verify_claims"]
