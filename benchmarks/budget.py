"""One line of the table of all comparisons: what the kit took, what the other way took, what we allow."""

from __future__ import annotations

import json
from typing import NamedTuple


class Line(NamedTuple):
    """A comparison, or a figure of the kit alone (`against` is empty).

    ``limit`` is the highest allowed ratio of ours to theirs; without `theirs`, the highest allowed figure; None: none.
    """

    what: str
    ours: float
    unit: str
    against: str = ""
    theirs: float | None = None
    limit: float | None = None


HEAD = "| what | kit | against | its figure | ratio | allowed | held |\n|---|---|---|---|---|---|---|"


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"


def written(line: Line) -> str:
    """Return one row of a Markdown table."""
    ratio = None if not line.theirs else line.ours / line.theirs
    judged = line.ours if ratio is None else ratio
    kind = f" {line.unit}" if ratio is None else " ×"
    return "| " + " | ".join((
        line.what,
        f"{_short(line.ours)} {line.unit}",
        line.against or "–",
        "–" if line.theirs is None else f"{_short(line.theirs)} {line.unit}",
        "–" if ratio is None else f"{ratio:.2f}",
        "–" if line.limit is None else f"≤ {line.limit:g}{kind}",
        "–" if line.limit is None else ("yes" if judged <= line.limit else "**no**"),
    )) + " |"  # fmt: skip


def packed(line: Line) -> str:
    """Return a line as text for another process."""
    return json.dumps([float(part) if isinstance(part, float) else part for part in line])


def unpacked(text: str) -> Line:
    """Return a line that `packed` wrote."""
    return Line(*json.loads(text))
