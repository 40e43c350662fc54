"""Check a page's accessibility with axe-core: WCAG 2.2 AA and axe's best practice."""

from __future__ import annotations

import importlib.resources

# Only axe's own script is taken from the package: it carries axe.min.js, so that nothing is fetched.
SCRIPT = importlib.resources.files("axe_playwright_python") / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# `preload` would fetch the page's own style sheets again, which a strict content policy refuses.
RUN = """([within, tags]) => axe.run(within ?? document, {
  runOnly: {type: "tag", values: tags}, resultTypes: ["violations", "incomplete"], preload: false})"""


def violations(page, within: str | None = None) -> list[str]:
    """Return what axe holds against a Playwright page, a readable line for each element: rule, where, what to do.

    The script reaches the page through the developer tools, to which the page's content policy does not apply;
    nothing of the policy is weakened. `within` is a selector that narrows the check to a part of the page.
    """
    return _lines(_run(page, within)["violations"])


def undecided(page, within: str | None = None) -> list[str]:
    """Return what axe could not decide, in the same form: a person has to look, e.g. at text above a picture."""
    return _lines(_run(page, within)["incomplete"])


def version(page) -> str:
    """Return axe's version, as the page has it."""
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    return page.evaluate("axe.version")


def _run(page, within: str | None) -> dict:
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    return page.evaluate(RUN, [within, TAGS])


def _lines(found: list[dict]) -> list[str]:
    return [_line(rule, node) for rule in found for node in rule["nodes"]]


def _line(rule: dict, node: dict) -> str:
    where = " > ".join(str(part) for part in node["target"])
    todo = " ".join((node.get("failureSummary") or rule["help"]).split())
    return f"{rule['id']} ({rule['impact']}) at {where}: {todo}"
