"""The pytest plugin: ``pytest --nbval`` sees what a reader sees, and says which figure moved.

nbval finds the notebooks and their cells, knows the tags and comments that steer it, and starts the kernels. In place
of its comparison, cell by cell while the notebook runs, stands one at the end: then displays that are updated later and
widgets have what a reader finds in them.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type] # a grammar that no notebook needs, a second

if TYPE_CHECKING:
    from danvan_kit.regression.book import Checked

NBVAL_TIMEOUT, NBVAL_STARTUP = 2000, 60  # nbval's own defaults


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what nbval has no option for."""
    group = parser.getgroup("danvan", "danvan_kit beside nbval")
    group.addoption("--nbval-keep", metavar="DIR", help="write each notebook as it came out of this run into DIR")
    group.addoption("--nbval-report", metavar="FILE.html", help="write what moved as a page, pictures side by side")
    group.addoption("--nbval-lang", choices=("vi", "en"), default="vi", help="language of what moved (default: vi)")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Give each notebook one of xdist's workers: its cells need each other."""
    option = config.option
    if _active(config) and getattr(option, "numprocesses", None) and getattr(option, "dist", "") in {"no", "load"}:
        option.dist = "loadfile"


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Set limits within which a hanging cell or kernel is named."""
    if _active(config):
        from danvan_kit.regression.run import LIMIT  # noqa: PLC0415 - any test run loads this plugin

        if config.option.nbval_cell_timeout == NBVAL_TIMEOUT:
            config.option.nbval_cell_timeout = LIMIT
        if config.option.nbval_kernel_startup_timeout == NBVAL_STARTUP:
            config.option.nbval_kernel_startup_timeout = LIMIT
        if not hasattr(config, "workerinput"):
            config.pluginmanager.register(Told(config), "danvan-told")


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, list[Any], list[Any]]:
    """Take over what nbval collects."""
    found = yield
    if file_path.suffix != ".ipynb" or not _active(parent.config):
        return found
    from nbval.plugin import IPyNbFile  # noqa: PLC0415

    from danvan_kit.regression.book import Book  # noqa: PLC0415

    return [Book.from_parent(parent, path=file_path) if type(one) is IPyNbFile else one for one in found]


def _active(config: pytest.Config) -> bool:
    return bool(getattr(config.option, "nbval", False) or getattr(config.option, "nbval_lax", False))


class Told:
    """Collects what all workers found, and says it at the end."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.books: dict[str, Checked] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a notebook's results from the report of its last item."""
        from danvan_kit.regression.book import PROPERTY, Checked  # noqa: PLC0415

        for name, value in report.user_properties:
            if name == PROPERTY and report.when == "call":
                found = Checked.read(str(value))
                self.books[found.path] = found

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what moved, the largest first, what could not run apart."""
        from danvan_kit.regression.report import summary  # noqa: PLC0415

        for title, lines in summary(list(self.books.values()), self._config.option.nbval_lang):
            terminalreporter.section(title)
            for line in lines:
                terminalreporter.line(line)

    def pytest_sessionfinish(self) -> None:
        """Write the page."""
        if self._config.option.nbval_report:
            from danvan_kit.regression.report import write  # noqa: PLC0415

            write(list(self.books.values()), Path(self._config.option.nbval_report), self._config.option.nbval_lang)
