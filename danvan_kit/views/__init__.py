"""Views: one question each, answered with a title, a table, a picture, a reading and its sources."""

from danvan_kit.views._compare import compare
from danvan_kit.views._completeness import completeness
from danvan_kit.views._drilldown import drilldown
from danvan_kit.views._headline import headline
from danvan_kit.views._heatmap import heatmap
from danvan_kit.views._peers import peers
from danvan_kit.views._problems import problems
from danvan_kit.views._reconciliation import reconciliation
from danvan_kit.views._tilemap import tilemap
from danvan_kit.views._trend import trend
from danvan_kit.views._view import View

__all__ = [
    "View",
    "compare",
    "completeness",
    "drilldown",
    "headline",
    "heatmap",
    "peers",
    "problems",
    "reconciliation",
    "tilemap",
    "trend",
]
