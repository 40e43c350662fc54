"""Helpers for tests of static pages: open them with the network cut, count what they drew, print them."""

from __future__ import annotations

import contextlib
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

LOCAL = ("file:", "data:", "blob:", "about:")
# Playwright keeps `securitypolicyviolation` from page to page only through a function of its own.
WATCH = """addEventListener("securitypolicyviolation", (event) => reportViolation(
  `${event.effectiveDirective} stopped ${event.blockedURI || "inline"} at ${event.sourceFile}:${event.lineNumber}`))"""
# What plotly draws for data. Axes, grid lines, shapes and the background do not count, nor the flat outline that a bar
# without a value leaves; only a line may be flat.
LINES = ".lines path"
MARKS = f"{LINES}, .point path, path.point, .fills path, .slice path, .heatmaplayer image"
COUNT = f"""() => {{
  const seen = (mark) => {{
    const box = mark.getBoundingClientRect();
    return mark.matches({LINES!r}) ? box.width + box.height > 0 : box.width * box.height > 0;
  }};
  const drawn = (plot) => [...plot.querySelectorAll({MARKS!r})].some((mark) => mark.closest(".main-svg") && seen(mark));
  const plots = [...document.querySelectorAll(".js-plotly-plot")];
  return [plots.filter(drawn).length, document.querySelectorAll(".dvk-plot").length];
}}"""


@dataclass
class Seen:
    """What happened in a page and in those opened after it in the same tab; the lists grow as it happens."""

    requests: list[str] = field(default_factory=list)  # all addresses asked for, those of files among them
    errors: list[str] = field(default_factory=list)  # in the console
    violations: list[str] = field(default_factory=list)  # of the content policy
    exceptions: list[str] = field(default_factory=list)  # caught by nobody

    @property
    def abroad(self) -> list[str]:
        """Return the addresses asked for beyond the page's own files."""
        return [url for url in self.requests if not url.startswith(LOCAL)]

    @property
    def trouble(self) -> list[str]:
        """Return everything that a good page does not do; empty for one."""
        return [*self.abroad, *self.violations, *self.exceptions, *self.errors]


def open_offline(page, path: Path, fragment: str = "") -> Seen:
    """Open a file with the network cut and return what is seen of it from the first byte on.

    Once for a page; go on in the same tab with `page.goto`. `fragment` is what stands after the `#`.
    """
    seen, context = Seen(), page.context
    context.set_offline(True)
    context.route(lambda url: not url.startswith(LOCAL), lambda route: route.abort())
    context.on("request", lambda request: seen.requests.append(request.url))
    context.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: seen.exceptions.append(str(error.error)))
    page.on("websocket", lambda socket: seen.requests.append(socket.url))
    context.expose_binding("reportViolation", lambda _, text: seen.violations.append(text))
    context.add_init_script(WATCH)
    page.goto(path.resolve().as_uri() + (f"#{fragment}" if fragment else ""))
    return seen


def wait_for(page, condition: str, timeout: float = 30) -> None:
    """Wait until a JavaScript condition holds; fail the test after `timeout` seconds.

    Playwright's own `wait_for_function` uses `eval` in the page, which a strict content policy stops.
    """
    until = time.monotonic() + timeout
    while not page.evaluate(f"Boolean({condition})"):
        if time.monotonic() > until:
            pytest.fail(f"not within {timeout} s: {condition}")
        page.wait_for_timeout(50)


def charts_drawn(page) -> tuple[int, int]:
    """Return how many charts show at least one mark of their data, and how many the page says it has."""
    drawn, promised = page.evaluate(COUNT)
    return drawn, promised


def print_pdf(page, path: Path) -> Path:
    """Print the page as PDF: A4, as its own print styles want it. Chromium only."""
    page.pdf(path=path, format="A4", print_background=True, prefer_css_page_size=True)
    return path


def pictures_of(pdf: Path, folder: Path, dpi: int = 60) -> list[Path]:
    """Turn a PDF's pages to PNG for looking at; none without pdftoppm (Debian's poppler-utils)."""
    with contextlib.suppress(FileNotFoundError):
        subprocess.run(["pdftoppm", "-png", "-r", str(dpi), str(pdf), str(folder / pdf.stem)], check=True)
    return sorted(folder.glob(f"{pdf.stem}-*.png"))
