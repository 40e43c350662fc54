"""The same page through nbconvert: ``jupyter nbconvert --to danvan NOTEBOOK.ipynb``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from danvan_kit.pages.page import page


class DanvanExporter(Exporter):
    """Writes one self-contained page of a notebook's saved outputs; add ``--execute`` to run it first."""

    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:  # as nbconvert's own exporters say it
        return ".html"

    def from_notebook_node(  # type: ignore[override] # nbconvert's own exporters return text as well
        self,
        nb: NotebookNode,
        resources: dict[str, Any] | None = None,
        **kw: Any,  # noqa: ANN401
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and nbconvert's resources."""
        book, known = super().from_notebook_node(nb, resources, **kw)
        about = known.get("metadata", {})
        folder = about.get("path")
        made = page(book, name=str(about.get("name", "notebook")), folder=Path(folder) if folder else None)
        return made.text, known
