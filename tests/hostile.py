"""A review whose every text tries to run script, and a notebook that hides secrets and plants script."""

from __future__ import annotations

import dataclasses

from conftest import tiny_review

from danvan_kit.areas import Areas

PAYLOADS = [
    "<img src=x onerror=planted()>",
    "<svg onload=planted()>",
    "</script><script>planted()</script>",
    "<iframe srcdoc='<script>parent.planted()</script>'></iframe>",
    "<a href='javascript:planted()'>Ba Đình</a>",
    '"><details open ontoggle=planted()>',
    "'-planted()-'",
    "${planted()}{{planted()}}",
    "<style>@import 'http://evil.example/x.css'</style>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
]


def review():
    """Return the tiny world with a payload in each name, label, unit, topic, source and title."""
    base = tiny_review()
    areas = base.areas.table.copy()
    areas["name"] = [f"Quận {PAYLOADS[n % len(PAYLOADS)]} {n}" for n in range(len(areas))]
    changes = base.areas.changes.copy()
    changes["resolution"] = PAYLOADS[0]
    known = base.indicators.copy()
    for n, column in enumerate(("label_vi", "label_en", "unit_vi", "unit_en", "body_vi", "source_basis")):
        known[column] = [f"{PAYLOADS[(n + row) % len(PAYLOADS)]} {row}" for row in range(len(known))]
    statements = base.statements.assign(text_vi=PAYLOADS[1], text_en=PAYLOADS[1], source=PAYLOADS[2])
    return dataclasses.replace(
        base,
        title={"vi": PAYLOADS[0], "en": PAYLOADS[0]},
        areas=Areas(areas, changes),
        indicators=known,
        statements=statements,
        observations=base.observations.assign(source=PAYLOADS[3]),
        records=base.records.assign(topic=PAYLOADS[4], body=PAYLOADS[5]),
    )


CELLS = [
    "# Tiêu đề " + " ".join(PAYLOADS) + "\n\n" + "\n\n".join(PAYLOADS),
    "import hostile\nimport danvan_kit as dk\nreview = hostile.review()",
    *(f"dk.explore(dk.views.{name}, review)" for name in ("trend", "compare", "heatmap", "drilldown", "tilemap")),
    *(f"dk.explore(dk.views.{name}, review)" for name in ("completeness", "reconciliation", "peers", "problems")),
    "dk.views.trend(review)",
    (
        "from IPython.display import HTML, Javascript, Markdown, SVG, display\n"
        "for text in hostile.PAYLOADS:\n"
        "    display(HTML(text + '<p>còn lại</p>'), Markdown(text), {'text/plain': text})\n"
        "    display({'text/latex': text, 'text/html': text}, raw=True)\n"
        "    print(text)"
    ),
    (
        "display(Javascript('planted()'))\n"
        "display({'text/vnd.mermaid': 'graph TD; A-->B', 'application/javascript': 'planted()'}, raw=True)\n"
        "display(SVG(\"<svg xmlns='http://www.w3.org/2000/svg' onload='planted()'><script>planted()</script></svg>\"))"
    ),
    (
        "import pandas as pd\nframe = pd.DataFrame({text: [text] for text in hostile.PAYLOADS})\n"
        "display(frame, frame.style.set_caption(hostile.PAYLOADS[0]))"
    ),
    (
        "import plotly.graph_objects as go\n"
        "go.Figure(go.Bar(x=hostile.PAYLOADS, y=list(range(10)), text=hostile.PAYLOADS, hovertext=hostile.PAYLOADS),\n"
        "          {'title': {'text': hostile.PAYLOADS[0]}, 'xaxis': {'title': {'text': hostile.PAYLOADS[1]}}})"
    ),
]
