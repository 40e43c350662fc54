"""Views: one question each, answered with a title, a table, a picture, a reading and its sources."""

from danvan_kit.views._breadth import breadth
from danvan_kit.views._carriers import carriers
from danvan_kit.views._compare import compare
from danvan_kit.views._completeness import completeness
from danvan_kit.views._corners import corners
from danvan_kit.views._dialogues import dialogues
from danvan_kit.views._drilldown import drilldown
from danvan_kit.views._frequency import frequency
from danvan_kit.views._funnel import funnel
from danvan_kit.views._headline import headline
from danvan_kit.views._heatmap import heatmap
from danvan_kit.views._leadership import leadership
from danvan_kit.views._peers import peers
from danvan_kit.views._problems import problems
from danvan_kit.views._reconciliation import reconciliation
from danvan_kit.views._resolution import resolution
from danvan_kit.views._rug import rug
from danvan_kit.views._spine import spine
from danvan_kit.views._substance import substance
from danvan_kit.views._tilemap import tilemap
from danvan_kit.views._trend import trend
from danvan_kit.views._view import View
from danvan_kit.views._waterfall import waterfall

__all__ = [
    "View",
    "breadth",
    "carriers",
    "compare",
    "completeness",
    "corners",
    "dialogues",
    "drilldown",
    "frequency",
    "funnel",
    "headline",
    "heatmap",
    "leadership",
    "peers",
    "problems",
    "reconciliation",
    "resolution",
    "rug",
    "spine",
    "substance",
    "tilemap",
    "trend",
    "waterfall",
]
