"""The one base class of the kit's errors: one line, with the place and what is allowed."""

from __future__ import annotations


class DanvanError(ValueError):
    """A mistake in data or in a request, told in one line that names the value, the place and what is allowed."""
