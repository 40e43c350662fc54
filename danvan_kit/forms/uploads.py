"""Files from a page to a folder of their own: under names that cannot leave it, gone when nobody needs them."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_FORBIDDEN = frozenset('<>:"/\\|?*#!')
"""What some file system takes for more than a letter, and what the kit sets between file, sheet and cell."""
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
"""Names that Windows keeps for itself."""


class Uploads:
    """A folder for files that came through a page, open to this user only; it goes with its owner."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="danvan-forms-"))
        self._turn = 0
        weakref.finalize(self, shutil.rmtree, self._home, ignore_errors=True)

    def take(self, files: Iterable[Mapping[str, Any]]) -> list[Path]:
        """Write files of one choice.

        Parameters
        ----------
        files
            As `ipywidgets.FileUpload` has them: ``name`` and ``content``.

        Returns
        -------
        list of Path
            Where they are, in their order.
        """
        files = list(files)
        self._turn += 1
        folder = self._home / str(self._turn)
        folder.mkdir()
        paths = [folder / name for name in safe_names(str(one["name"]) for one in files)]
        for path, one in zip(paths, files, strict=True):
            path.write_bytes(one["content"])
        return paths

    def forget(self) -> None:
        """Delete all but the files of the last choice."""
        for folder in self._home.iterdir():
            if folder.name != str(self._turn):
                shutil.rmtree(folder, ignore_errors=True)


def safe_names(names: Iterable[str]) -> list[str]:
    """Return names under which files from anywhere may be written into one folder, each once."""
    made: list[str] = []
    for name in names:
        plain = "".join(c if c.isprintable() and c not in _FORBIDDEN else "_" for c in name).strip(". ")
        stem, _, suffix = plain.rpartition(".") if "." in plain else (plain, "", "")
        stem = ("_" if stem.partition(".")[0].casefold() in _DEVICES else "") + (stem[:50].rstrip(". ") or "_")
        suffix = f".{suffix[:10]}" if suffix else ""
        taken = {one.casefold() for one in made}
        tries = (f"{stem}{suffix}" if n == 1 else f"{stem} ({n}){suffix}" for n in range(1, len(made) + 2))
        made.append(next(one for one in tries if one.casefold() not in taken))
    return made
