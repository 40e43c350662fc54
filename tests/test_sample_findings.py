"""The sample findings are what their script writes, are marked as simulated, and hold."""

from __future__ import annotations

import sample_findings
from conftest import DATA

from danvan_kit import findings

FOLDER = DATA / "simulated" / "findings"


def test_the_shipped_findings_are_those_that_the_script_writes_and_they_hold(shipped):
    assert sample_findings.FILE.read_text(encoding="utf-8") == sample_findings.text(shipped)
    found = findings.read(FOLDER)
    assert {finding.author for finding in found} == {sample_findings.AUTHOR}
    assert all(finding.simulated for finding in found)
    assert set(findings.hold.check(found, shipped)["state"]) == {"holds"}
    assert {finding.kind for finding in found} == {"strength", "weakness", "cause", "question"}
