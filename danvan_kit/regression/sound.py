"""A saved notebook must hold something to check: it was run, from top to bottom, and kept its outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode


def first_line(cell: Mapping[str, Any]) -> str:
    """Return the first line of a cell's code that says something, to name the cell by."""
    lines = [line.strip() for line in cell["source"].splitlines()]
    first = next((line for line in lines if line and not line.startswith(("#", "%%"))), "")
    return first if len(first) <= 60 else first[:59] + "…"


def unsound(book: NotebookNode, options: Mapping[int, Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return why a saved notebook cannot be checked, one line a reason (Vietnamese, English).

    Parameters
    ----------
    book
        The notebook as saved.
    options
        nbval's options of a cell by its number among all cells: ``skip``, ``check``.
    """
    found: list[tuple[str, str]] = []
    last, checked, count = 0, 0, 0
    for number, cell in enumerate(book.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        count += 1
        own = options.get(number, {})
        if own.get("skip"):
            continue
        name = f"[{count}] {first_line(cell)!r}"
        if cell.execution_count is None:
            found.append((f"ô lệnh {name} chưa chạy", f"code cell {name} was never run"))
        elif cell.execution_count <= last:
            found.append(
                (
                    f"ô lệnh {name} chạy không theo thứ tự (lần {cell.execution_count} sau lần {last})",
                    f"code cell {name} was run out of order ({cell.execution_count} after {last})",
                )
            )
        last = max(last, cell.execution_count or 0)
        if any(output.output_type == "error" for output in cell.outputs) and not own.get("check_exception"):
            found.append((f"ô lệnh {name} được lưu khi đang lỗi", f"code cell {name} was saved with an error"))
        checked += bool(own.get("check", True) and cell.outputs)
    if not checked:
        found.append(("không có ô nào có kết quả để kiểm", "no cell has an output to check"))
    return found
