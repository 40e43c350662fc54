"""Forms to observations, questions and problems: every row of every table ends as one of the three."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from danvan_kit.forms import layouts
from danvan_kit.forms.batch import Batch
from danvan_kit.forms.isolated import Reader
from danvan_kit.forms.known import Known
from danvan_kit.forms.preflight import ENDINGS
from danvan_kit.forms.results import Forms
from danvan_kit.review import Review


def read_forms(
    paths: Path | str | Iterable[Path | str],
    review: Review,
    *,
    layout: Path | str | None = None,
    lang: str = "vi",
    told: Callable[[str, int, int], object] | None = None,
) -> Forms:
    """Read the spreadsheets that offices sent.

    Each file is opened in a process of its own with limits of time and memory. Nothing is guessed: a figure, a name or
    a header that has more than one reading becomes a question, what cannot be becomes a problem; neither is in the
    observations. A file that cannot be read at all is one problem and stops no other.

    Parameters
    ----------
    paths
        Files (``.xlsx .xlsm .xlsb .xls .ods .csv .tsv``), or folders, whose forms are all read in order of their names.
    review
        Its areas and catalogue say what forms may name; its observations, which figures are usual.
    layout
        A table of one's own headers (CSV: ``form, means, words``), added to the shipped one.
    lang
        Language of the problems: vi or en.
    told
        Is told of the progress: name of the file, how many are done, how many there are.

    Returns
    -------
    Forms
        ``observations, problems, rows, files``.

    Raises
    ------
    LayoutError
        When the table of headers has a mistake.
    """
    found = list(_files(paths))
    names = _names(found)
    batch = Batch(Known(review, layouts.layouts(review.indicators, layout)))
    with Reader() as reader:
        for i, (path, book) in enumerate(zip(found, reader.books(found), strict=True)):
            if told:
                told(names[i], i, len(found))
            batch.add(path, names[i], book)
    if told:
        told("", len(found), len(found))
    return batch.result(lang)


def _files(paths: Path | str | Iterable[Path | str]) -> Iterable[Path]:
    for path in [paths] if isinstance(paths, str | Path) else paths:
        folder = Path(path)
        if folder.is_dir():
            found = (p for p in folder.rglob("*") if p.suffix.lower() in ENDINGS and not p.name.startswith(("~$", ".")))
            yield from sorted(found)
        else:
            yield folder


def _names(paths: Sequence[Path]) -> list[str]:
    """Return how sources name each file: a relative path as given, any other as short as tells it apart."""
    parts = [p.parts for p in paths]
    plain = [not p.is_absolute() and ".." not in p.parts for p in paths]
    for many in range(1, max(map(len, parts), default=1) + 1):
        short = [part[-many:] for part in parts]
        if len(set(short)) == len(set(parts)):
            break
    if not parts:
        return []
    cuts = [Path(*(part if keep else cut)).as_posix() for part, cut, keep in zip(parts, short, plain, strict=True)]
    # A byte of a name that is no UTF-8 is written out, not blanked: two such names stay two.
    return [name.encode("utf-8", "backslashreplace").decode("utf-8").replace("\\udc", "%") for name in cuts]
