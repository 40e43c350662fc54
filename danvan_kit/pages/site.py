"""Notebooks to a folder of pages (or to single files): which ones, run or as saved, one for each area, and an index."""

from __future__ import annotations

import hashlib
import html
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type] # a grammar that no notebook needs, a second

from nbformat import NotebookNode  # noqa: E402

from danvan_kit import __version__  # noqa: E402
from danvan_kit.areas import LEVELS  # noqa: E402
from danvan_kit.explorer.canvas import plotly_js, texts  # noqa: E402
from danvan_kit.explorer.controls import area_rows  # noqa: E402
from danvan_kit.explorer.frozen import provenance  # noqa: E402
from danvan_kit.pages import run as runs  # noqa: E402
from danvan_kit.pages.files import PublishError, light, read, write  # noqa: E402
from danvan_kit.pages.page import Links, Page, merged, page, shell  # noqa: E402
from danvan_kit.review import Review, load  # noqa: E402

Each: TypeAlias = Literal["city", "district", "commune"]
Told: TypeAlias = Callable[[str, int, int], None]
"""Hears what is being made, how many pages are done, how many there will be."""
ASSETS, AREAS = "assets", "don-vi"
PLOTLY = "plotly.min.js"
COUNTRY = "country"
"""The level, and the tag of a parameters cell, of a review above single cities."""


@dataclass(frozen=True)
class Published:
    """What `publish` made.

    Attributes
    ----------
    files
        The pages, the index first.
    kept
        How many of them stood there already, made of the same data and notebook.
    failed
        One line for each page that could not be made.
    """

    files: tuple[Path, ...]
    kept: int
    failed: tuple[str, ...]


def publish(  # noqa: PLR0913 - each a plain choice of the command
    notebooks: Sequence[Path | str] = (),
    *,
    to: Path | str,
    single_file: bool = False,
    as_saved: bool = False,
    in_place: bool = False,
    each: Sequence[Each] = (),
    data: Path | str | Review = "data",
    fresh: bool = False,
    told: Told | None = None,
) -> Published:
    """Make pages that open anywhere, without network and without Python.

    Parameters
    ----------
    notebooks
        The notebooks; none: all of the folder ``notebooks``.
    to
        The folder to write to; what else stands in it stays.
    single_file
        Each page holds plotly.js; else one copy lies in ``assets`` and an ``index.html`` lists the pages.
    as_saved
        Take the outputs that are saved in the notebooks instead of running them.
    in_place
        Also write the outputs of the run back to the notebooks, with the states of their explorers as far as they fit
        (`files.light`).
    each
        Levels: each notebook with a cell tagged ``parameters`` (for a country also ``country``) becomes one page for
        each area of these levels that stands on the review's last day, in the folder ``don-vi``. Pages that stand
        there already, made of the same notebook, data and kit, are kept, so that a run that was stopped goes on where
        it was.
    data
        The review or its folder; needed with `each` only, to know the areas.
    fresh
        With `each`: a fresh kernel for each area, to compare with; slow.
    told
        Hears of progress.

    Returns
    -------
    Published
        The same notebooks and data give the same bytes.

    Raises
    ------
    PublishError, RunError, ReviewError
        One line. With `each`, an area whose page fails is listed in ``failed`` and the others go on.
    """
    books = _books(notebooks)
    review = _review(each, data)
    many = [path for path in books if review is not None and _takes(books[path], review)]
    if each and not many:
        raise PublishError(
            "--each cần một sổ tay có ô mang nhãn 'parameters'; không có sổ tay nào như vậy",
            "--each needs a notebook with a cell tagged 'parameters'; there is none",
        )
    if each and as_saved:
        raise PublishError(
            "--each phải chạy sổ tay cho từng đơn vị, không dùng cùng --as-saved",
            "--each runs the notebook for each area; it cannot be used with --as-saved",
        )
    job = _Job(Path(to), review, told or (lambda *_: None), single=single_file, fresh=fresh)
    plain = [path for path in books if path not in many]
    job.names = {path.name: f"{path.stem}.html" for path in plain}
    job.many = [path.name for path in many]
    job.areas = _standing(review, each)
    job.total = len(plain) + len(job.areas) * len(many)
    for path in plain:
        job.plain(path, books[path], as_saved=as_saved, in_place=in_place)
    for path in many:
        job.each(path, books[path])
    if not single_file:
        job.index()
    job.told("", job.total, job.total)
    return Published(tuple(job.files), job.kept, tuple(job.failed))


def _books(notebooks: Sequence[Path | str]) -> dict[Path, NotebookNode]:
    paths = [Path(one) for one in notebooks] or sorted(Path("notebooks").glob("*.ipynb"))
    if not paths:
        raise PublishError("không có sổ tay nào trong thư mục 'notebooks'", "no notebook in the folder 'notebooks'")
    twice = {path.stem for path in paths if sum(other.stem == path.stem for other in paths) > 1}
    if twice:
        raise PublishError(
            f"hai sổ tay trùng tên {min(twice)!r}: mỗi trang cần một tên riêng",
            f"two notebooks named {min(twice)!r}: each page needs its own name",
        )
    return {path: read(path) for path in paths}


def _takes(book: NotebookNode, review: Review) -> bool:
    """Tell whether a notebook takes the areas of a review: of a country those whose parameters cell says so."""
    tags = next((t for cell in book.cells if runs.PARAMETERS in (t := cell.metadata.get("tags", []))), None)
    return tags is not None and (COUNTRY in tags) == (COUNTRY in review.areas.levels)


def _review(each: Sequence[str], data: Path | str | Review) -> Review | None:
    if not each:
        return None
    wrong = next((level for level in each if level not in LEVELS), None)
    if wrong is not None:
        allowed = ", ".join(LEVELS)
        raise PublishError(f"--each {wrong!r}; được dùng: {allowed}", f"--each {wrong!r}; allowed: {allowed}")
    return data if isinstance(data, Review) else load(data)


def _standing(review: Review | None, levels: Sequence[str]) -> dict[str, str]:
    """Return ids and names of the areas of these levels that stand on the review's last day."""
    if review is None:
        return {}
    standing = review.areas.at(str(review.closing))
    kept = standing[standing["level"].isin(levels)]
    return dict(zip(kept["area"], kept["name"], strict=True))


class _Job:
    """One run of `publish`: where to, what for, what has been written."""

    def __init__(self, to: Path, review: Review | None, told: Told, *, single: bool, fresh: bool) -> None:
        self.to, self.review, self.told, self.single, self.fresh = to, review, told, single, fresh
        self.names: dict[str, str] = {}  # notebook to its page
        self.many: list[str] = []  # notebooks with one page an area
        self.pages: dict[str, Page] = {}
        self.areas: dict[str, str] = {}  # areas that get a page of their own, with their names
        self.made_for: dict[str, str] = {}  # where that page is
        self.files: list[Path] = []
        self.failed: list[str] = []
        self.kept = self.count = self.total = 0

    def plain(self, path: Path, book: NotebookNode, *, as_saved: bool, in_place: bool) -> None:
        """Make the page of one notebook."""
        self._tell(path.name)
        ran = book if as_saved else runs.run(book, path.parent)
        _refuse_empty(path, ran)
        if in_place and not as_saved:
            write(path, light(ran))
        made = page(ran, name=path.stem, links=self._links(), folder=path.parent)
        self.pages[self.names[path.name]] = made
        self._save(self.to / self.names[path.name], made.text)

    def each(self, path: Path, book: NotebookNode) -> None:
        """Make one page for each area; one of the same making is kept."""
        assert self.review is not None  # noqa: S101 - the areas come from it
        folder = "." if self.single else AREAS
        here = {area: f"{folder}/{path.stem}-{area}.html" for area in self.areas}
        key = _key(book, self.review, self._links())
        missing = [area for area in here if not _made_already(self.to / here[area], f"{key}-{area}")]
        standing = [self.to / here[area] for area in here if area not in set(missing)]
        self.files += standing
        self.kept += len(standing)
        self.count += len(standing)
        self._tell(path.name, step=0)
        for given, done in runs.run_each(book, path.parent, ({"area": area} for area in missing), fresh=self.fresh):
            area = given["area"]
            self._tell(self.areas[area])
            if isinstance(done, runs.RunError):
                self.failed.append(f"{self.areas[area]} ({area}): {done}")
                continue
            links, title = self._links("../"), self.areas[area]
            made = page(done, name=path.stem, links=links, folder=path.parent, title=title, key=f"{key}-{area}")
            self._save(self.to / here[area], made.text)
        self.made_for |= here

    def _tell(self, what: str, step: int = 1) -> None:
        self.told(what, self.count, self.total)
        self.count += step

    def _links(self, up: str = "") -> Links:
        if self.single:
            return Links()
        listed = dict.fromkeys(self.many, "index.html")  # one page an area: the index has them all
        pages = {name: up + address for name, address in (listed | self.names).items()}
        return Links(pages, f"{up}index.html", f"{up}{ASSETS}/{PLOTLY}")

    def _save(self, path: Path, text: str) -> None:
        write(path, text)
        self.files.append(path)

    def index(self) -> None:
        """Write plotly.js and the index: the pages, and all areas with where they can be looked at."""
        write(self.to / ASSETS / PLOTLY, plotly_js())
        words_of = texts()["page"]["vi"]
        data, simulated = merged(self.pages.values())
        if self.review is not None and not data:
            data, simulated = provenance(self.review), self.review.simulated
        title = data.get("title") or words_of["index"]
        listed = "".join(
            f'<li><a href="{html.escape(name)}">{html.escape(made.title)}</a>'
            f"{'<br>' + html.escape(made.summary) if made.summary else ''}</li>"
            for name, made in self.pages.items()
        )
        body = f"<h1>{html.escape(title)}</h1>\n<p>{words_of['alone']}</p>\n"
        body += f"<h2>{words_of['notebooks']}</h2>\n<ul>{listed}</ul>\n" if listed else ""
        body += _area_list(self._rows(), self.made_for, _shows_areas(self.pages))
        text = shell(
            title=title, body=body, links=Links(), data=data, simulated=simulated, alive=False, source="danvan publish"
        )
        write(self.to / "index.html", text)
        self.files.insert(0, self.to / "index.html")

    def _rows(self) -> list[list[str]]:
        if self.review is not None:
            return area_rows(self.review.areas, "vi")
        return max((made.areas for made in self.pages.values()), key=len, default=[])


def _shows_areas(pages: dict[str, Page]) -> str:
    """Return the address of the page whose explorers know most areas."""
    return max(pages, key=lambda name: len(pages[name].areas), default="")


def _area_list(rows: list[list[str]], made_for: dict[str, str], explorer: str) -> str:
    """Return the areas by district, each with its own page or with the explorers set to it; with a search."""
    if not rows:
        return ""
    words_of = texts()["page"]["vi"]
    root = next((area for area, _, above in rows if not above), "")

    def item(area: str, label: str) -> str:
        address = made_for.get(area) or (f"{explorer}#area={area}" if explorer else "")
        name = html.escape(label)
        return (
            f'<li data-find="{name}"><a href="{html.escape(address)}">{name}</a></li>'
            if address
            else f'<li data-find="{name}">{name}</li>'
        )

    parts = []
    for area, label, above in rows:
        if above != root:
            continue
        below = [row for row in rows if row[2] == area]
        inside = "".join(item(row[0], row[1]) for row in [[area, label], *below])
        parts.append(
            f'<details data-areas><summary>{html.escape(label)}</summary><ul class="dvp-areas">{inside}</ul></details>'
        )
    return (
        f'<h2>{words_of["areas"]}</h2>\n<div class="dvp-find live">'
        f'<label for="dvp-search">{words_of["search"]}</label> '
        f'<input id="dvp-search" type="search" autocomplete="off"> '
        f'<output id="dvp-count" for="dvp-search" data-unit="{words_of["found"]}"></output></div>\n'
        '<div class="dvp-districts">\n' + "\n".join(parts) + "\n</div>\n"
    )


def _refuse_empty(path: Path, book: NotebookNode) -> None:
    """Refuse a notebook that nobody has run: its page would look as if there were nothing to see (`PublishError`)."""
    code = [cell for cell in book.cells if cell.cell_type == "code" and cell.source.strip()]
    if code and not any(cell.outputs for cell in code):
        raise PublishError(
            f"sổ tay {str(path)!r} chưa có kết quả nào; hãy chạy rồi lưu, hoặc bỏ --as-saved",
            f"notebook {str(path)!r} has no outputs; run and save it, or leave out --as-saved",
        )
    failed = next((o for cell in code for o in cell.outputs if o.output_type == "error"), None)
    if failed is not None:
        raise PublishError(
            f"sổ tay {str(path)!r} dừng vì lỗi {failed.ename}; sửa rồi chạy lại",
            f"notebook {str(path)!r} stopped with {failed.ename}; mend and run it again",
        )


def _key(book: NotebookNode, review: Review, links: Links) -> str:
    """Return a digest of all that a page is made of: the notebook, its neighbours, the review's files, the kit."""
    digest = hashlib.sha256(json.dumps([__version__, dict(links.pages), links.plotly, _kit()]).encode())
    for cell in book.cells:
        digest.update(json.dumps([cell.cell_type, cell.source, cell.metadata], sort_keys=True).encode())
    for path in sorted(p for p in review.folder.rglob("*") if p.is_file()):
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:20]


@cache
def _kit() -> str:
    """Return a digest of the kit's own files: another version of a view makes another page."""
    digest = hashlib.sha256()
    home = Path(__file__).parents[1]
    for path in sorted(p for p in home.rglob("*") if p.suffix in {".py", ".js", ".css", ".json"}):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _made_already(path: Path, key: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return f'name="danvan-key" content="{key}"'.encode() in file.read(4096)
