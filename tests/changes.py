"""Changes that a reader of a notebook could see, and noise that nobody should be told of.

Each case is one code cell before and after. In the sources below ``«old¦new»`` marks what differs: `before` takes what
stands left of the bar, `after` what stands right of it. A cell imports what it needs and leaves nothing behind, so that
all cells of one tuple can run one after another in one kernel. Explorers stand on the small worlds of the tests, whose
folder must be on the kernel's PYTHONPATH.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from textwrap import dedent

KINDS = ("data", "code", "kit", "presentation", "hidden", "brought")
"""Why something differs: a figure, the notebook's code, the kit below it, the looks, a state that is not on screen, or
an output of a kind that users bring with other libraries."""
NOISE = "noise"
"""The kind of all cases in `SILENT`."""


@dataclass(frozen=True)
class Change:
    """One cell before and after.

    Attributes
    ----------
    name
        What changes, in plain English.
    kind
        One of `KINDS`, or `NOISE`.
    before, after
        Sources of the cell.
    """

    name: str
    kind: str
    before: str
    after: str


_MARK = re.compile("«(.*?)¦(.*?)»", re.DOTALL)


def _case(kind: str, name: str, source: str, given: str = "") -> Change:
    text = given + dedent(source).strip()
    return Change(name, kind, _MARK.sub(r"\1", text), _MARK.sub(r"\2", text))


_pandas = partial(_case, given="import pandas as pd\n")
_numpy = partial(_case, given="import numpy as np\n")
_plotly = partial(_case, given="import plotly.graph_objects as go\n")
_widgets = partial(_case, given="import ipywidgets as w\nfrom IPython.display import display\n")
_shows = partial(_case, given="from IPython.display import display\n")
_drawn = partial(
    _case,
    given="""\
import io
from IPython.display import SVG, Image, display
from matplotlib.figure import Figure

def drawn(figure, kind="png", **options):
    page = io.BytesIO()
    figure.savefig(page, format=kind, dpi=60, **options)
    return page.getvalue()

figure = Figure(figsize=(3, 2))
axes = figure.subplots()
""",
)
_grid = partial(
    _case,
    given="import pandas as pd\nfrom ipydatagrid import DataGrid\n"
    "table = pd.DataFrame({'area': [f'a{n}' for n in range(120)], 'value': range(120)})\n",
)
_anywidget = partial(
    _case,
    given="""\
import anywidget
import traitlets

class Counter(anywidget.AnyWidget):
    _esm = "export default { render({ model, el }) { el.textContent = model.get('value') + ' cuộc' } }"
    value = traitlets.Int(0).tag(sync=True)
    notes = traitlets.Dict().tag(sync=True)

""",
)
_world = partial(
    _case,
    given="""\
import dataclasses
import functools
import danvan_kit as dk
from explorer_world import bars, squares, trend, world
review = world()

def moved(review, n=1, **where):
    records = review.records.copy()
    rows = records.query(" and ".join(f"{name} == @where['{name}']" for name in where)).index[:n]
    return dataclasses.replace(review, records=records.drop(rows))

def otherwise(view, change):
    @functools.wraps(view)
    def changed(review, **choices):
        return change(view(review, **choices), choices)
    return changed

""",
)
_tiny = partial(
    _case,
    given="""\
import dataclasses
from unittest.mock import patch
from IPython.display import display
import danvan_kit as dk
from conftest import tiny_review
review = tiny_review()

def reported(review, value, **where):
    found = review.observations.copy()
    rows = found.query(" and ".join(f"{name} == @where['{name}']" for name in where)).index
    found.loc[rows, "value"] = value
    return dataclasses.replace(review, observations=found)

""",
)

# --- plain text: print, repr, stderr ----------------------------------------------------------------------------------
TEXT = (
    _case("data", "One digit of a printed number changes", 'print("Số cuộc giám sát: «17¦18»")'),
    _case("data", "A sign turns round", 'print("Chênh lệch: «+¦-»3")'),
    _case("data", "A true minus sign becomes an en dash", 'print("Chênh lệch: «−¦–»3")'),
    _case("data", "The unit of a number changes", 'print("27.739 «cuộc¦hội nghị»")'),
    _case("data", "A decimal comma is lost", 'print("Tỷ lệ đã giải quyết: «95,3¦953» %")'),
    _case("data", "A decimal comma becomes a thousands point", 'print("Tỷ lệ đã giải quyết: 95«,¦.»312")'),
    _case(
        "data",
        "A percentage is rounded up instead of down",
        'from danvan_kit import words\nprint("Tỷ lệ:", words.percent(«0.1244¦0.1245»))',
    ),
    _case("data", "One number inside a long line changes", "print(*range(700), «700¦770», *range(701, 1400))"),
    _case(
        "data",
        "One late line of a thousand changes",
        'for n in range(1000):\n    print(f"xã {n}: {3 * n «¦+ (n == 987) »}")',
    ),
    _case(
        "data", "One line of a thousand goes", 'for n in range(1000):\n    print(f"xã {n}")«¦ if n != 500 else None»'
    ),
    _case("data", "The value of an expression changes", "«27739¦27740»"),
    _case("data", "A float changes in its third digit", "«0.953¦0.954»"),
    _case("data", "A large number loses a digit in its middle", 'print("«12345678901234567890¦1234567891234567890»")'),
    _case("data", "None becomes zero", "print(«None¦0»)"),
    _case("data", "A truth value turns round", "«True¦False»"),
    _case("data", "A diacritic of a commune's name changes", 'print("Phường Ô Chợ «Dừa¦Dứa»")'),
    _case("data", "A tone mark is lost in a long text", 'print("Mặt trận Tổ quốc " * 40 + "giám «sát¦sat» xã hội")'),
    _case("presentation", "The thousands lose their separator", 'print("27«\\u202f¦»739 cuộc")'),
    _case("presentation", "Thousands are parted by a comma instead of a point", 'print("27«.¦,»739 cuộc")'),
    _case("presentation", "A date is written year first", 'print("Chốt số liệu: «30-6-2020¦2020-06-30»")'),
    _case("data", "A date in a text lies a year earlier", 'print("Số liệu đến ngày 30-6-«2020¦2019»")'),
    _case("data", "The hour of a meeting changes", 'print("Hội nghị phản biện bắt đầu lúc «14:30¦15:30»")'),
    _case("data", "A duration that is a figure changes", 'print("Thời gian giải quyết trung vị: «4.2¦5.2» ngày")'),
    _case("data", "The size of a filed document changes", 'print("Báo cáo năm 2019: «2.4¦3.4» MB, 12 trang")'),
    _case("data", "A code in hexadecimal changes", 'print("Mã hồ sơ 0x«1F¦2F»")'),
    _case("data", "A number of a decision changes", 'print("Quyết định số «290¦217»-QĐ/TW")'),
    _case("code", "Two lines change places", 'print("«quận 1¦quận 2»")\nprint("«quận 2¦quận 1»")'),
    _case("code", "A line is printed twice", 'for _ in range(«1¦2»):\n    print("Cuộc giám sát: 17")'),
    _case("code", "A cell no longer prints anything", '«print("Cuộc giám sát: 17")¦pass»'),
    _case("code", "A silent cell begins to print", "found = 17«¦\nprint(found)»"),
    _case("code", "The last expression is no longer shown", "found = 17\nfound«¦;»"),
    _case(
        "data",
        "A number on the standard error stream changes",
        'import sys\nprint("«3¦4» dòng bị bỏ", file=sys.stderr)',
    ),
    _case(
        "data",
        "The text of a warning changes",
        'import warnings\nwarnings.warn_explicit("bỏ «3¦4» dòng", UserWarning, "so_lieu.py", 12)',
    ),
    _case("code", "A warning appears", 'import warnings\n«pass¦warnings.warn("thiếu số liệu", stacklevel=2)»'),
    _case(
        "data",
        "The message of an exception names another area",
        'try:\n    raise KeyError("01«1¦2»")\nexcept KeyError as error:\n    print(repr(error))',
    ),
    _case(
        "code",
        "An exception is of another class",
        'try:\n    raise «ValueError¦TypeError»("sai")\nexcept Exception as error:\n    print(repr(error))',
    ),
    _case(
        "data",
        "A text table drawn by hand changes in one cell",
        """
        print("┌────────┬───────┐")
        print("│ area   ┆ value │")
        print("╞════════╪═══════╡")
        print("│ Ba Vì  ┆ «  12¦  21»  │")
        print("└────────┴───────┘")
    """,
    ),
    _case(
        "presentation",
        "A column of a printed table is aligned otherwise",
        'for name, n in [("Ba Vì", 7), ("Đống Đa", 12)]:\n    print(f"{name:«<¦>»10} {n}")',
    ),
    _case(
        "data",
        "A log line reports another number",
        """
        import logging, sys
        log = logging.getLogger("changes")
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
        log.warning("đã đọc «120¦119» dòng")
        log.removeHandler(handler)
    """,
    ),
    _case(
        "data",
        "The last step of a progress line changes",
        """
        for n in range(5):
            print(f"\\rđã xử lý {n + «1¦2»}/6", end="")
    """,
    ),
)

# --- lists, dicts and arrays ------------------------------------------------------------------------------------------
VALUES = (
    _case("data", "An element of a short list changes", "[3, 5, «1200¦1201», 7]"),
    _case("data", "Element 700 of a list of 2,000 changes", "[n «¦+ (n == 700) »for n in range(2000)]"),
    _case(
        "hidden",
        "Element 1,500 of a list of 2,000 changes, where the shown text is cut",
        "[n «¦+ (n == 1500) »for n in range(2000)]",
    ),
    _case("data", "A value of a dict changes", '{"giam_sat": «17¦18», "phan_bien": 4}'),
    _case("data", "A key of a dict changes", '{"«giam_sat¦doi_thoai»": 17, "phan_bien": 4}'),
    _case("data", "A value deep in nested containers changes", '{"a": [{"b": ({"c": [1, 2, «3¦4»]},)}]}'),
    _case("data", "A member of a set changes", '{"Ba Vì", "Đống Đa", "«Sóc Sơn¦Mê Linh»"}'),
    _case("data", "A text in a repr changes after 4,000 characters", '"x" * 4000 + "«a¦b»" + "x" * 4000'),
    _case("presentation", "A tuple becomes a list", "«(1, 2)¦[1, 2]»"),
    _case("data", "A number becomes text", "«17¦'17'»"),
    _numpy("data", "One element of a small array changes", "np.array([[1, 2], [3, «4¦5»]])"),
    _numpy("hidden", "The middle of an array of 5,000 changes", "found = np.arange(5000)\nfound[2500] += «0¦1»\nfound"),
    _numpy("presentation", "An array of whole numbers becomes one of floats", "np.arange(4«¦.0»)"),
    _numpy(
        "presentation",
        "An array is printed with fewer digits",
        """
        with np.printoptions(precision=«3¦2»):
            print(np.array([0.12345, 0.98765]))
    """,
    ),
    _case(
        "data",
        "A field of a dataclass's repr changes",
        """
        import dataclasses
        Found = dataclasses.make_dataclass("Found", ["area", "value"])
        Found("011", «3¦4»)
    """,
    ),
)

# --- tables of pandas -------------------------------------------------------------------------------------------------
_LONG = 'table = pd.DataFrame({"area": [f"a{n:03}" for n in range(580)], "value": range(580)})\n'
_SHORT = (
    'table = pd.DataFrame({"name": ["Ba Vì", "Đống Đa", "Sóc Sơn"], "value": [3, 5, 7], "share": [0.2, 0.3, 0.5]})\n'
)
FRAMES = (
    _pandas("data", "A visible cell of a table changes", 'pd.DataFrame({"value": [3, «5¦6», 7]})'),
    _pandas("hidden", "Row 300 of a table of 580 changes", _LONG + 'table.loc[300, "value"] += «0¦1»\ntable'),
    _pandas(
        "hidden", "Row 300 of a printed table of 580 changes", _LONG + 'table.loc[300, "value"] += «0¦1»\nprint(table)'
    ),
    _pandas("data", "The last row of a table of 580 changes", _LONG + 'table.loc[579, "value"] += «0¦1»\ntable'),
    _pandas("data", "A table loses a row that is not shown", _LONG + "table«¦.drop(300)»"),
    _pandas(
        "hidden",
        "A column that max_columns hides changes",
        'table = pd.DataFrame({f"c{n}": [n, n] for n in range(40)})\ntable.loc[1, "c20"] += «0¦1»\ntable',
    ),
    _pandas(
        "hidden",
        "The name of a column that max_columns hides changes",
        'table = pd.DataFrame({f"c{n}": [n, n] for n in range(40)})\ntable«¦.rename(columns={"c20": "d20"})»',
    ),
    _pandas("code", "Two columns change places", _SHORT + 'table[["name", «"value", "share"¦"share", "value"»]]'),
    _pandas("code", "A column is renamed", _SHORT + 'table.rename(columns={"value": "«Số cuộc¦Số hội nghị»"})'),
    _pandas("code", "A table has one column less", _SHORT + 'table«¦.drop(columns="share")»'),
    _pandas("data", "An index label changes", 'pd.DataFrame({"value": [3, 5]}, index=["011", "01«2¦3»"])'),
    _pandas("code", "Rows come in another order", _SHORT + 'table.sort_values("value", ascending=«True¦False»)'),
    _pandas(
        "presentation", "Whole numbers are shown as floats", 'pd.DataFrame({"value": [3, 5]}, dtype="«int64¦float64»")'
    ),
    _pandas("data", "A missing figure becomes zero", 'pd.DataFrame({"value": [3.0, «float("nan")¦0.0»]})'),
    _pandas(
        "hidden",
        "One character of a text beyond max_colwidth changes",
        'pd.DataFrame({"note": ["thiếu báo cáo " * 10 + "năm 201«1¦2»"]})',
    ),
    _pandas("data", "One character of a shown text changes", _SHORT + 'table.replace("Ba Vì", "Ba V«ì¦í»")'),
    _pandas(
        "presentation",
        "A table shows fewer decimals",
        """
        with pd.option_context("display.precision", «3¦2»):
            print(pd.DataFrame({"share": [0.12345]}))
    """,
    ),
    _pandas(
        "data",
        "A label of a second index level changes",
        """
        pd.DataFrame({"value": [1, 2]}, index=pd.MultiIndex.from_tuples([("A", 2019), ("A", «2020¦2021»)]))
    """,
    ),
    _pandas(
        "data", "A day in a column of dates changes", 'pd.DataFrame({"held": pd.to_datetime(["2019-05-«05¦06»"])})'
    ),
    _pandas("data", "A mean in describe() changes", 'pd.DataFrame({"value": [3, 5, «7¦8»]}).describe()'),
    _pandas("data", "A type in info() changes", 'pd.DataFrame({"value": [3, 5]}).astype("«int64¦int32»").info()'),
    _pandas("data", "An empty table gets its first row", 'pd.DataFrame({"value": [«¦3»]})'),
    _pandas("data", "A visible value of a series changes", 'pd.Series([3, «5¦6»], index=["011", "012"])'),
    _pandas(
        "hidden", "The middle of a series of 400 changes", "found = pd.Series(range(400))\nfound[200] += «0¦1»\nfound"
    ),
    _pandas("presentation", "The name of a series changes", 'pd.Series([3, 5], name="«cuộc¦hội nghị»")'),
    _pandas("presentation", "The type written below a series changes", 'pd.Series([3, 5], dtype="int«64¦32»")'),
    _pandas(
        "data",
        "A cell of a table written as HTML changes",
        """
        from IPython.display import HTML
        HTML(pd.DataFrame({"value": [3, «5¦6»]}).to_html())
    """,
    ),
    _pandas("data", "A value of a styled table changes", 'pd.DataFrame({"value": [3, «5¦6»]}).style'),
    _pandas(
        "presentation",
        "The colour of one cell of a styled table changes",
        """
        pd.DataFrame({"value": [3, 5]}).style.map(lambda v: "color: «red¦green»" if v == 5 else "")
    """,
    ),
    _pandas(
        "presentation",
        "Another cell of a styled table is highlighted",
        """
        pd.DataFrame({"value": [3, 5]}).style.highlight_«max¦min»()
    """,
    ),
    _pandas(
        "presentation",
        "A styled table is formatted with less precision",
        """
        pd.DataFrame({"share": [0.12345]}).style.format(precision=«3¦2»)
    """,
    ),
    _pandas(
        "presentation",
        "The caption of a styled table changes",
        """
        pd.DataFrame({"value": [3]}).style.set_caption("Năm «2019¦2020»")
    """,
    ),
    _pandas("code", "A styled table hides a column", _SHORT + 'table.style«¦.hide(axis="columns", subset=["share"])»'),
    _pandas(
        "hidden",
        "The tooltip of a cell of a styled table changes",
        """
        table = pd.DataFrame({"value": [3]})
        table.style.set_tooltips(pd.DataFrame({"value": ["nguồn: báo cáo «2019¦2020»"]}))
    """,
    ),
    _pandas(
        "hidden",
        "A late row of a styled table of 300 changes",
        """
        table = pd.DataFrame({"value": range(300)})
        table.loc[250, "value"] += «0¦1»
        table.style
    """,
    ),
)

# --- plotly -----------------------------------------------------------------------------------------------------------
_BAR = 'figure = go.Figure(go.Bar(x=["A", "B", "C"], y=[3, 5, 7], name="Giám sát"))\n'
_PAIR = 'figure = go.Figure([go.Bar(x=["A"], y=[3], name="Một"), go.Bar(x=["A"], y=[5], name="Hai")])\n'
PLOTLY = (
    _plotly("data", "One bar of a plotly figure grows by one", 'go.Figure(go.Bar(x=["A", "B", "C"], y=[3, «5¦6», 7]))'),
    _plotly(
        "data",
        "One bar kept in a typed array grows by one",
        """
        import numpy as np
        go.Figure(go.Bar(x=["A", "B", "C"], y=np.array([3, «5¦6», 7])))
    """,
    ),
    _plotly(
        "data",
        "Point 300 of 580 of a scatter moves",
        """
        import numpy as np
        y = np.sin(np.arange(580) / 20)
        y[300] += «0¦0.001»
        go.Figure(go.Scatter(x=np.arange(580), y=y))
    """,
    ),
    _plotly("data", "The label of a category changes", 'go.Figure(go.Bar(x=["A", "«B¦C»"], y=[3, 5]))'),
    _plotly(
        "data", "A date along an axis changes", 'go.Figure(go.Scatter(x=["2019-01-01", "2020-0«1¦2»-01"], y=[1, 2]))'
    ),
    _plotly(
        "hidden", "The customdata of one bar changes", 'go.Figure(go.Bar(y=[3, 5], customdata=["011", "01«2¦3»"]))'
    ),
    _plotly(
        "hidden", "The hover template changes", _BAR + 'figure.update_traces(hovertemplate="%{y} «cuộc¦hội nghị»")'
    ),
    _plotly(
        "hidden",
        "The hover text of one point changes",
        'go.Figure(go.Scatter(y=[3, 5], hovertext=["Một", "«Hai¦Ba»"]))',
    ),
    _plotly("presentation", "The title of a figure changes", _BAR + 'figure.update_layout(title="Năm «2019¦2020»")'),
    _plotly("presentation", "The title of an axis changes", _BAR + 'figure.update_yaxes(title="«cuộc¦hội nghị»")'),
    _plotly("presentation", "The range of an axis changes", _BAR + "figure.update_yaxes(range=[«0¦2», 8])"),
    _plotly("presentation", "An axis becomes logarithmic", _BAR + 'figure.update_yaxes(type="«linear¦log»")'),
    _plotly(
        "presentation", "The number format of an axis changes", _BAR + 'figure.update_yaxes(tickformat=",.«1¦2»f")'
    ),
    _plotly("presentation", "The colour of a trace changes", _BAR + 'figure.update_traces(marker_color="#0072B«2¦3»")'),
    _plotly(
        "presentation",
        "The colour of one bar changes",
        'go.Figure(go.Bar(y=[3, 5], marker_color=["red", "«red¦blue»"]))',
    ),
    _plotly("presentation", "The name of a trace changes", _PAIR + 'figure.data[1].name = "«Hai¦Ba»"\nfigure'),
    _plotly("presentation", "Two traces change places", _PAIR + "go.Figure(figure.data[::«1¦-1»])"),
    _plotly("presentation", "A trace starts hidden", _PAIR + 'figure.data[1].visible = «True¦"legendonly"»\nfigure'),
    _plotly("data", "A figure loses a trace", _PAIR + "go.Figure(figure.data[:«2¦1»])"),
    _plotly(
        "presentation",
        "Bars are stacked instead of side by side",
        _PAIR + 'figure.update_layout(barmode="«group¦stack»")',
    ),
    _plotly(
        "presentation", "An annotation changes", _BAR + 'figure.add_annotation(x="A", y=3, text="«thấp¦cao» nhất")'
    ),
    _plotly("presentation", "A reference line moves", _BAR + "figure.add_hline(y=«4¦5»)"),
    _plotly("presentation", "The dash of a line changes", 'go.Figure(go.Scatter(y=[1, 2], line_dash="«dot¦dash»"))'),
    _plotly(
        "presentation", "The locale separators of a figure change", _BAR + 'figure.update_layout(separators="«,.¦.,»")'
    ),
    _plotly(
        "hidden",
        "A later step of an animation changes",
        """
        frames = [go.Frame(name=str(n), data=[go.Bar(y=[n, 2 * n])]) for n in range(5)]
        frames[3].data[0].y = [3, «6¦7»]
        go.Figure(go.Bar(y=[0, 0]), frames=frames)
    """,
    ),
    _plotly(
        "hidden",
        "The label of a slider step changes",
        """
        steps = [{"label": label, "method": "restyle", "args": ["visible", True]} for label in ("2018", "«2019¦2020»")]
        go.Figure(go.Bar(y=[1]), layout={"sliders": [{"steps": steps}]})
    """,
    ),
    _plotly(
        "hidden",
        "A button of a figure sets other values",
        """
        button = {"label": "Số tuyệt đối", "method": "restyle", "args": [{"y": [[3, «5¦6»]]}]}
        go.Figure(go.Bar(y=[1, 2]), layout={"updatemenus": [{"buttons": [button]}]})
    """,
    ),
    _plotly("data", "One cell of a heatmap changes", "go.Figure(go.Heatmap(z=[[1, 2], [3, «4¦5»]]))"),
    _plotly(
        "presentation",
        "The colours of a heatmap change",
        'go.Figure(go.Heatmap(z=[[1, 2]], colorscale="«Blues¦Reds»"))',
    ),
    _plotly(
        "data",
        "One part of a treemap changes",
        'go.Figure(go.Treemap(labels=["A", "B"], parents=["", ""], values=[1, «2¦3»]))',
    ),
    _plotly(
        "data", "A cell of a plotly table changes", 'go.Figure(go.Table(cells={"values": [["A", "B"], [3, «5¦6»]]}))'
    ),
    _plotly("data", "The length of an error bar changes", 'go.Figure(go.Scatter(y=[3], error_y={"array": [«1¦2»]}))'),
    _case(
        "data",
        "One bar of a plotly express figure changes",
        """
        import pandas as pd
        import plotly.express as px
        px.bar(pd.DataFrame({"name": ["A", "B"], "value": [3, «5¦6»]}), x="name", y="value")
    """,
    ),
    _case(
        "hidden",
        "The hover data of a plotly express figure changes",
        """
        import pandas as pd
        import plotly.express as px
        table = pd.DataFrame({"name": ["A", "B"], "value": [3, 5], "source": ["b1", "b«2¦3»"]})
        px.bar(table, x="name", y="value", hover_data=["source"])
    """,
    ),
    _plotly(
        "data",
        "A figure that is shown by its own method changes",
        _BAR + "figure.data[0].y = (3, «5¦6», 7)\nfigure.show()",
    ),
    _plotly("data", "One bar of a FigureWidget grows by one", 'go.FigureWidget(go.Bar(x=["A", "B"], y=[3, «5¦6»]))'),
    _plotly(
        "data",
        "A FigureWidget is updated in a batch to other values",
        """
        figure = go.FigureWidget(go.Bar(y=[1, 2]))
        with figure.batch_update():
            figure.data[0].y = [3, «5¦6»]
            figure.layout.title = "Sau khi cập nhật"
        figure
    """,
    ),
    _plotly(
        "data",
        "A FigureWidget changes after it was displayed",
        """
        from IPython.display import display
        figure = go.FigureWidget(go.Bar(y=[1, 2]))
        display(figure)
        figure.data[0].y = [3, «5¦6»]
    """,
    ),
    _plotly(
        "presentation",
        "The title of a FigureWidget changes",
        _BAR + 'go.FigureWidget(figure).update_layout(title="«A¦B»")',
    ),
    _plotly(
        "hidden", "The hover text of a FigureWidget changes", 'go.FigureWidget(go.Bar(y=[3], hovertext=["«A¦B»"]))'
    ),
)

# --- ipywidgets -------------------------------------------------------------------------------------------------------
WIDGETS = (
    _widgets("data", "The value of a slider changes", "w.IntSlider(value=«3¦4», max=10)"),
    _widgets("code", "The end of a slider changes", "w.IntSlider(value=3, max=1«0¦1»)"),
    _widgets("presentation", "The label of a slider changes", 'w.IntSlider(description="«Năm¦Quận»")'),
    _widgets(
        "hidden", "One option of a dropdown changes", 'w.Dropdown(options=["Ba Vì", "«Sóc Sơn¦Mê Linh»", "Đống Đa"])'
    ),
    _widgets("code", "A dropdown starts elsewhere", 'w.Dropdown(options=["A", "B"], value="«A¦B»")'),
    _widgets("data", "The text of a text field changes", 'w.Text("«17¦18» cuộc")'),
    _widgets("data", "The text of an HTML widget changes", 'w.HTML("<b>«17¦18»</b> cuộc")'),
    _widgets("data", "The text of a label changes", 'w.Label("«17¦18» cuộc")'),
    _widgets(
        "presentation",
        "The children of a box change places",
        """
        parts = [w.Label("Quận 1"), w.Label("Quận 2")]
        w.VBox(parts[::«1¦-1»])
    """,
    ),
    _widgets("data", "The value of a nested child changes", "w.VBox([w.HBox([w.VBox([w.IntText(«3¦4»)])])])"),
    _widgets("presentation", "A box loses a child", 'w.VBox([w.Label("Quận 1")«, w.Label("Quận 2")¦»])'),
    _widgets(
        "presentation", "The title of a tab changes", 'w.Tab([w.Label("x"), w.Label("y")], titles=["A", "«B¦C»"])'
    ),
    _widgets(
        "hidden",
        "A value in a tab that is not open changes",
        'w.Tab([w.Label("x"), w.IntText(«3¦4»)], titles=["A", "B"])',
    ),
    _widgets("hidden", "A text in a closed accordion changes", 'w.Accordion([w.Label("«17¦18» cuộc")], titles=["A"])'),
    _widgets("presentation", "The title of an accordion changes", 'w.Accordion([w.Label("x")], titles=["«A¦B»"])'),
    _widgets("code", "A box is ticked", "w.Checkbox(value=«False¦True»)"),
    _widgets("code", "A selection of several changes", 'w.SelectMultiple(options=["A", "B"], value=["A"«¦, "B"»])'),
    _widgets("presentation", "A control is disabled", "w.IntText(value=3, disabled=«False¦True»)"),
    _widgets("code", "Another toggle button is pressed", 'w.ToggleButtons(options=["A", "B"], value="«A¦B»")'),
    _widgets("presentation", "The text of a button changes", 'w.Button(description="«Chạy¦Dừng»")'),
    _widgets("data", "A progress bar stands elsewhere", "w.IntProgress(value=«3¦4», max=10)"),
    _widgets(
        "data",
        "A date picker holds another day",
        "import datetime as dt\nw.DatePicker(value=dt.date(2020, 6, «30¦29»))",
    ),
    _widgets(
        "presentation", "The colour of a button changes", 'w.Button(description="A", button_style="«info¦danger»")'
    ),
    _widgets(
        "presentation", "A widget becomes invisible", 'w.Label("A", layout=w.Layout(visibility="«visible¦hidden»"))'
    ),
    _widgets("code", "A slider becomes a field", "w.«IntSlider¦IntText»(value=3)"),
    _widgets(
        "data",
        "A widget changes after it was displayed",
        'a = w.Label("đang tính")\ndisplay(a)\na.value = "«17¦18» cuộc"',
    ),
    _widgets("data", "The result text of interact changes", "w.interact(lambda n: print(n * «2¦3»), n=(0, 10));"),
    _widgets(
        "data",
        "The result table of interact changes",
        """
        import pandas as pd
        w.interact(lambda n: pd.DataFrame({"value": [n, «5¦6»]}), n=(0, 10));
    """,
    ),
    _widgets(
        "code", "The slider of interact starts elsewhere", "w.interact(lambda n: None, n=w.IntSlider(«3¦4», 0, 10));"
    ),
    _widgets("data", "The result text of interactive changes", "w.interactive(lambda n: print(n + «1¦2»), n=(0, 10))"),
    _widgets(
        "data",
        "A text printed into an Output changes",
        'out = w.Output()\ndisplay(out)\nwith out:\n    print("«17¦18» cuộc")',
    ),
    _widgets(
        "data",
        "The second of two outputs inside an Output changes",
        """
        import pandas as pd
        out = w.Output()
        with out:
            display(pd.DataFrame({"value": [3]}))
            display(pd.DataFrame({"value": [«5¦6»]}))
        out
    """,
    ),
    _widgets(
        "code",
        "An Output is cleared before it shows another text",
        """
        out = w.Output()
        with out:
            print("một")
            out.clear_output()
            print("«hai¦ba»")
        out
    """,
    ),
    _widgets(
        "code",
        "An Output is cleared and stays empty",
        """
        out = w.Output()
        with out:
            print("một")«¦
            out.clear_output()»
        out
    """,
    ),
    _widgets(
        "data", "A text appended to an Output changes", 'out = w.Output()\nout.append_stdout("«17¦18» cuộc")\nout'
    ),
    _widgets(
        "data", "A display appended to an Output changes", "out = w.Output()\nout.append_display_data([1, «2¦3»])\nout"
    ),
)

# --- displays, their order and their updates --------------------------------------------------------------------------
DISPLAYS = (
    _shows(
        "code",
        "The text after a cleared output changes",
        """
        from IPython.display import clear_output
        print("đang tính")
        clear_output()
        print("«17¦18» cuộc")
    """,
    ),
    _shows(
        "code",
        "An output is no longer cleared",
        """
        from IPython.display import clear_output
        print("đang tính")
        «clear_output()¦»
        print("17 cuộc")
    """,
    ),
    _shows(
        "data",
        "A display is updated to another value",
        """
        from IPython.display import update_display
        display("đang tính", display_id="found")
        update_display("«17¦18» cuộc", display_id="found")
    """,
    ),
    _shows(
        "data",
        "A display handle is updated to another value",
        """
        handle = display({"text/plain": "…"}, raw=True, display_id=True)
        handle.update({"text/plain": "«17¦18» cuộc"}, raw=True)
    """,
    ),
    _shows("code", "Two displays change places", "display(«1, 2¦2, 1»)"),
    _shows("code", "One of two displays disappears", "display(1)\n«display(2)¦»"),
    _shows("code", "A third display is added", "display(1)\ndisplay(2)«¦\ndisplay(3)»"),
    _shows("code", "A print moves behind a display", '«print("nguồn")\ndisplay(1)¦display(1)\nprint("nguồn")»'),
    _shows("code", "A value is displayed instead of printed", "«print¦display»([1, 2, 3])"),
)

# --- markup -----------------------------------------------------------------------------------------------------------
_MARKUP = "from IPython.display import HTML, IFrame, JSON, Latex, Markdown, Math\n"
MARKUP = tuple(
    _case(kind, name, source, given=_MARKUP)
    for kind, name, source in (
        ("data", "A text in HTML changes", 'HTML("<p>Đã giám sát <b>«17¦18»</b> cuộc</p>")'),
        ("data", "One cell of an HTML table changes", 'HTML("<table><tr><td>3</td><td>«5¦6»</td></tr></table>")'),
        ("hidden", "The title of an element changes", """HTML('<span title="nguồn: «2019¦2020»">17</span>')"""),
        ("hidden", "The address of a link changes", """HTML('<a href="bao-cao-«2019¦2020».html">Báo cáo</a>')"""),
        ("presentation", "The colour of a text changes", """HTML('<b style="color: «red¦green»">17</b>')"""),
        (
            "presentation",
            "A rule of a style sheet changes",
            'HTML("<style>.a {color: «red¦green»}</style><b class=a>17</b>")',
        ),
        ("presentation", "A text is no longer bold", 'HTML("«<b>17</b>¦17» cuộc")'),
        ("hidden", "A text in closed details changes", 'HTML("<details><summary>Nguồn</summary>«B1¦B2»</details>")'),
        ("hidden", "The alternative text of a picture changes", """HTML('<img src="a.png" alt="«17¦18» cuộc">')"""),
        (
            "hidden",
            "An option of a list in HTML changes",
            'HTML("<select><option>A</option><option>«B¦C»</option></select>")',
        ),
        ("presentation", "A heading changes its level", 'HTML("<h«2¦3»>Kết quả</h«2¦3»>")'),
        ("data", "A circle drawn in HTML moves", """HTML('<svg><circle cx="«10¦20»" cy="10" r="5"/></svg>')"""),
        (
            "hidden",
            "Data inside a script of an HTML output change",
            'HTML("<div id=a></div><script>draw([3, «5¦6»])</script>")',
        ),
        ("brought", "A frame shows another page", 'IFrame("trang-«1¦2».html", 300, 200)'),
        ("data", "A number in Markdown changes", 'Markdown("Đã giám sát **«17¦18»** cuộc")'),
        ("presentation", "A heading in Markdown becomes text", 'Markdown("«## ¦»Kết quả")'),
        ("data", "A number in a formula changes", 'Math(r"\\frac{«17¦18»}{30}")'),
        ("data", "A number in LaTeX changes", 'Latex("$x = «17¦18»$")'),
        ("data", "A value in a JSON output changes", 'JSON({"a": {"b": [1, «2¦3»]}})'),
    )
)

# --- pictures ---------------------------------------------------------------------------------------------------------
PICTURES = (
    _shows(
        "data",
        "One coordinate of an SVG changes",
        """
        from IPython.display import SVG
        SVG('<svg xmlns="http://www.w3.org/2000/svg"><path d="M 1 2 L 3 «4¦5»"/></svg>')
    """,
    ),
    _shows(
        "data",
        "A text in an SVG changes",
        """
        from IPython.display import SVG
        SVG('<svg xmlns="http://www.w3.org/2000/svg"><text>«17¦18» cuộc</text></svg>')
    """,
    ),
    _drawn(
        "data",
        "One bar of a drawn picture is one unit higher",
        'axes.bar(["A", "B", "C"], [3, «5¦6», 7])\nImage(drawn(figure))',
    ),
    _drawn(
        "data",
        "One bar among many is slightly higher",
        "axes.bar(range(40), [20] * 39 + [«20¦21»])\nImage(drawn(figure))",
    ),
    _drawn(
        "presentation",
        "The title of a drawn picture changes",
        'axes.set_title("Năm «2019¦2020»")\nImage(drawn(figure))',
    ),
    _drawn(
        "presentation",
        "The colour of one drawn line changes",
        'axes.plot([1, 2], color="«red¦blue»")\nImage(drawn(figure))',
    ),
    _drawn(
        "presentation",
        "A drawn picture loses its legend",
        'axes.plot([1, 2], label="A")\n«axes.legend()¦»\nImage(drawn(figure))',
    ),
    _drawn(
        "code", "A drawn picture is replaced by another", "axes.«plot¦bar»([1, 2, 3], [3, 5, 7])\nImage(drawn(figure))"
    ),
    _drawn(
        "presentation",
        "A drawn picture is given another size",
        "axes.plot([1, 2])\nfigure.set_size_inches(3, «2¦3»)\nImage(drawn(figure))",
    ),
    _drawn(
        "data",
        "One bar of an SVG picture is one unit higher",
        'axes.bar(["A", "B"], [3, «5¦6»])\nSVG(drawn(figure, "svg"))',
    ),
    _case(
        "data",
        "A figure that pyplot shows at the end of a cell changes",
        """
        import matplotlib.pyplot as plt
        plt.figure(figsize=(3, 2))
        plt.bar(["A", "B"], [3, «5¦6»])
        plt.show()
    """,
    ),
    _drawn(
        "data",
        "One bar of a JPEG is one unit higher",
        """
        from PIL import Image as Picture
        axes.bar(["A", "B", "C"], [3, «5¦6», 7])
        page = io.BytesIO()
        Picture.open(io.BytesIO(drawn(figure))).convert("RGB").save(page, "jpeg")
        Image(page.getvalue(), format="jpeg")
    """,
    ),
    _drawn(
        "hidden",
        "The second picture of an animated GIF changes",
        """
        from PIL import Image as Picture
        pages = [Picture.new("RGB", (40, 40), colour) for colour in ("white", "«red¦blue»")]
        page = io.BytesIO()
        pages[0].save(page, "gif", save_all=True, append_images=pages[1:])
        Image(page.getvalue(), format="gif")
    """,
    ),
    _drawn(
        "data",
        "One pixel of a picture changes",
        """
        from PIL import Image as Picture
        picture = Picture.new("RGB", (40, 40), "white")
        picture.putpixel((20, 20), («255¦0», 255, 255))
        page = io.BytesIO()
        picture.save(page, "png")
        Image(page.getvalue())
    """,
    ),
    _drawn(
        "data",
        "A picture inside an HTML output changes",
        """
        import base64
        from IPython.display import HTML
        axes.bar(["A", "B"], [3, «5¦6»])
        HTML(f'<img src="data:image/png;base64,{base64.b64encode(drawn(figure)).decode()}">')
    """,
    ),
    _drawn(
        "data",
        "A picture in an Image widget changes",
        """
        import ipywidgets
        axes.bar(["A", "B"], [3, «5¦6»])
        ipywidgets.Image(value=drawn(figure))
    """,
    ),
)

# --- kinds of output that users bring ---------------------------------------------------------------------------------
_TABLES = "import itables\nimport pandas as pd\ntable = pd.DataFrame({'value': range(300)})\n"
BROUGHT = (
    _anywidget("brought", "The value of an anywidget changes", "Counter(value=«3¦4»)"),
    _anywidget("brought", "A value deep in a trait of an anywidget changes", 'Counter(notes={"a": [1, {"b": «2¦3»}]})'),
    _anywidget(
        "brought",
        "The script of an anywidget shows another unit",
        """
        class Other(Counter):
            _esm = Counter._esm«¦.replace("cuộc", "hội nghị")»

        Other(value=3)
    """,
    ),
    _anywidget(
        "brought",
        "A binary trait of an anywidget changes",
        """
        class Packed(Counter):
            body = traitlets.Bytes().tag(sync=True)

        Packed(body=bytes([1, 2, «3¦4»]))
    """,
    ),
    _grid("brought", "A hidden row of a data grid changes", 'table.loc[100, "value"] += «0¦1»\nDataGrid(table)'),
    _grid("brought", "A visible cell of a data grid changes", 'table.loc[1, "area"] = "«a1¦b1»"\nDataGrid(table)'),
    _grid("brought", "A data grid loses a column", 'DataGrid(table«¦[["value"]]»)'),
    _case(
        "brought",
        "A row on a later page of an interactive table changes",
        "table.loc[250, 'value'] += «0¦1»\nitables.show(table)",
        _TABLES,
    ),
    _case(
        "brought",
        "A row on the first page of an interactive table changes",
        "table.loc[2, 'value'] += «0¦1»\nitables.show(table, connected=True)",
        _TABLES,
    ),
    _case(
        "brought",
        "A late row of an interactive table written as HTML changes",
        """
        from IPython.display import HTML
        table.loc[250, 'value'] += «0¦1»
        HTML(itables.to_html_datatable(table, connected=True))
        """,
        _TABLES,
    ),
    _case("brought", "The caption of an interactive table changes", "itables.show(table, 'Năm «2019¦2020»')", _TABLES),
    _shows(
        "brought",
        "A custom JSON type changes in one value",
        """
        display({"application/vnd.doan.map.v1+json": {"tiles": [{"id": "001", "value": «3¦4»}]}}, raw=True)
    """,
    ),
    _shows(
        "brought",
        "A Vega-Lite chart changes in one value",
        """
        chart = {"mark": "bar", "data": {"values": [{"a": "A", "b": 3}, {"a": "B", "b": «5¦6»}]}}
        display({"application/vnd.vegalite.v5+json": chart, "text/plain": "<chart>"}, raw=True)
    """,
    ),
    _shows(
        "brought",
        "A GeoJSON map moves one point",
        """
        place = {"type": "Point", "coordinates": [105.85, 21.0«2¦3»]}
        display({"application/geo+json": place, "text/plain": "<map>"}, raw=True)
    """,
    ),
    _case(
        "brought",
        "An object shows itself as other HTML",
        """
        class Card:
            def _repr_html_(self):
                return "<b>«17¦18»</b> cuộc"

        Card()
    """,
    ),
    _case(
        "brought",
        "An object shows itself as other Markdown",
        """
        class Note:
            def _repr_markdown_(self):
                return "**«17¦18»** cuộc"

        Note()
    """,
    ),
    _case(
        "brought",
        "An object's plain text changes below equal HTML",
        """
        class Both:
            def _repr_html_(self):
                return "<b>Kết quả</b>"

            def __repr__(self):
                return "«17¦18» cuộc"

        Both()
    """,
    ),
    _case(
        "brought",
        "An object offers one form less",
        """
        class Card:
            def _repr_mimebundle_(self, **_):
                return {"text/plain": "17 cuộc"«, "text/html": "<b>17</b> cuộc"¦»}

        Card()
    """,
    ),
    _shows("brought", "A PDF output is replaced", 'display({"application/pdf": "JVBERi0xLjQK«AAAA¦BBBB»"}, raw=True)'),
    _shows(
        "brought",
        "A recording changes",
        """
        from IPython.display import Audio
        Audio(data=bytes([128] * 90 + [«130¦140»] * 10), rate=8000, normalize=False)
    """,
    ),
    _shows(
        "brought",
        "A script output changes",
        'from IPython.display import Javascript\nJavascript("element.append(«17¦18»)")',
    ),
)

# --- our explorers ----------------------------------------------------------------------------------------------------
_HELD = 'dk.explore(bars, review, pin=["level"])'
EXPLORERS = (
    _world(
        "data",
        "One supervision less in the view that is shown",
        'dk.explore(squares, «review¦moved(review, area="011")»)',
    ),
    _world(
        "hidden",
        "One supervision less in a year that is not chosen",
        f"""
        review = «review¦moved(review, area="011", year=2018, activity="giam_sat")»
        {_HELD}
    """,
    ),
    _world(
        "hidden",
        "One critique less, while supervisions are shown",
        f"""
        review = «review¦moved(review, area="012", year=2019, activity="phan_bien")»
        {_HELD}
    """,
    ),
    _world(
        "hidden",
        "Two communes exchange a supervision, their district keeps its total",
        """
        records = review.records.copy()
        records.loc[records.query("area == '011' and year == 2019").index[:«0¦1»], "area"] = "012"
        dk.explore(squares, dataclasses.replace(review, records=records))
    """,
    ),
    _world(
        "hidden",
        "A span of years that is not chosen changes",
        """
        records = review.records.copy()
        records.loc[records.query("area == '011' and year == 2018").index[:«0¦1»], "year"] = 2019
        dk.explore(trend, dataclasses.replace(review, records=records), years=(2018, 2020))
    """,
    ),
    _world(
        "hidden",
        "One year of the review can no longer be chosen",
        f"""
        kept = (2018, 2019«, 2020¦»)
        review = dataclasses.replace(review, years=kept, records=review.records.query("year in @kept"))
        {_HELD}
    """,
    ),
    _world(
        "hidden",
        "The name of a commune that is not shown changes",
        """
        table = review.areas.table.drop(columns="urban", errors="ignore")
        table = table.replace({"name": {"Xã Ăn Thử": "Xã «Ăn¦Ấn» Thử"}})
        review = dataclasses.replace(review, areas=type(review.areas)(table, review.areas.changes))
        dk.explore(squares, review)
    """,
    ),
    _world(
        "kit",
        "A view doubles its figures",
        """
        def change(view, choices):
            table = view.table.assign(value=view.table["value"] * «1¦2»)
            return dataclasses.replace(view, table=table)

        dk.explore(otherwise(squares, change), review)
    """,
    ),
    _world(
        "kit",
        "A view gives its picture another unit",
        """
        def change(view, choices):
            layout = view.figure["layout"] | {"yaxis": {"title": {"text": "«cuộc¦hội nghị»"}}}
            return dataclasses.replace(view, figure=view.figure | {"layout": layout})

        dk.explore(otherwise(squares, change), review)
    """,
    ),
    _world(
        "kit",
        "A view says something else",
        """
        def change(view, choices):
            return dataclasses.replace(view, reading="Đọc: «tăng¦giảm» so với năm trước.")

        dk.explore(otherwise(squares, change), review)
    """,
    ),
    _world(
        "kit",
        "A view has another title",
        """
        def change(view, choices):
            return dataclasses.replace(view, title="«Ô vuông¦Hình vuông»")

        dk.explore(otherwise(squares, change), review)
    """,
    ),
    _world(
        "kit",
        "A view names another source",
        """
        def change(view, choices):
            return dataclasses.replace(view, sources=("nguồn: báo cáo «2019¦2020»",))

        dk.explore(otherwise(squares, change), review)
    """,
    ),
    _world(
        "kit",
        "A view shows another text where one points",
        """
        def change(view, choices):
            trace = view.figure["data"][0] | {"hovertemplate": "%{label}: %{value} «cuộc¦hội nghị»<extra></extra>"}
            return dataclasses.replace(view, figure=view.figure | {"data": [trace]})

        dk.explore(otherwise(squares, change), review)
    """,
    ),
    _world(
        "kit",
        "A column of a view's table is called otherwise",
        """
        def change(view, choices):
            return dataclasses.replace(view, table=view.table.rename(columns={"value": "«Số cuộc¦Số hội nghị»"}))

        dk.explore(otherwise(squares, change), review)
    """,
    ),
    _world(
        "presentation",
        "A view is drawn in another colour",
        """
        def change(view, choices):
            trace = view.figure["data"][0] | {"marker": {"color": "«#0072B2¦#D55E00»"}}
            return dataclasses.replace(view, figure=view.figure | {"data": [trace]})

        dk.explore(otherwise(squares, change), review)
    """,
    ),
    _world(
        "hidden",
        "A view says something else of one commune only",
        """
        def change(view, choices):
            alone = choices["area"] == "022"
            return dataclasses.replace(view, reading="«Bình thường¦Cần xem lại»." if alone else view.reading)

        dk.explore(otherwise(squares, change), review)
    """,
    ),
    _world(
        "hidden",
        "The table of one district has another order",
        """
        def change(view, choices):
            order = «1¦-1» if choices["area"] == "001" else 1
            return dataclasses.replace(view, table=view.table[::order])

        dk.explore(otherwise(squares, change), review)
    """,
    ),
    _world(
        "hidden",
        "One bar of one hidden state differs from its table",
        """
        def change(view, choices):
            trace = dict(view.figure["data"][0])
            if choices["area"] == "019a":
                trace["values"] = [trace["values"][0] + «0¦1», *trace["values"][1:]]
            return dataclasses.replace(view, figure=view.figure | {"data": [trace]})

        dk.explore(otherwise(squares, change), review)
    """,
    ),
    _world(
        "hidden",
        "A late row of a long table in one hidden state changes",
        """
        import pandas as pd

        def change(view, choices):
            table = pd.DataFrame({"name": [f"x{n}" for n in range(90)], "value": range(90)})
            table.loc[80, "value"] += «0¦1» * (choices["area"] == "012")
            return dataclasses.replace(view, table=table)

        dk.explore(otherwise(squares, change), review)
    """,
    ),
    _world(
        "hidden",
        "A view refuses one choice that it used to answer",
        """
        def change(view, choices):
            if «False¦choices["area"] == "021"»:
                raise dk.DanvanError("không có số liệu", "no figures")
            return view

        dk.explore(otherwise(squares, change), review)
    """,
    ),
    _world(
        "hidden",
        "The line with which a view refuses a choice changes",
        """
        def change(view, choices):
            if choices["area"] == "021":
                raise dk.DanvanError("không có số liệu năm «2019¦2020»", "no figures")
            return view

        dk.explore(otherwise(squares, change), review)
    """,
    ),
    _world("code", "An explorer starts in another year", 'dk.explore(bars, review, pin=["level"], year=«2019¦2018»)'),
    _world("code", "An explorer starts at another area", 'dk.explore(squares, review, area="«01¦001»")'),
    _world("code", "A control of an explorer is pinned", "dk.explore(squares, review«¦, pin=['area']»)"),
    _world(
        "code",
        "An explorer is moved before it is shown",
        'found = dk.explore(squares, review)\nfound.set(area="0«01¦11»")\nfound',
    ),
    _world(
        "code",
        "A linked explorer takes over another area",
        """
        first = dk.explore(squares, review, area="0«01¦11»")
        dk.explore(trend, review, link=first, pin=["years"])
    """,
    ),
    _world("presentation", "An explorer speaks another language", 'dk.explore(squares, review, lang="«vi¦en»")'),
    _world(
        "presentation",
        "An explorer loses its mark on simulated figures",
        """
        records = review.records.assign(origin="«simulated¦reported»")
        dk.explore(squares, dataclasses.replace(review, records=records))
    """,
    ),
    _tiny(
        "hidden",
        "A petition more in a year that a real explorer does not show",
        """
        review = reported(review, «20¦21», area="A", year=2011, indicator="don")
        dk.explore(dk.views.completeness, review)
        dk.explore(dk.views.trend, review, indicator="giam_sat")
    """,
    ),
    _tiny(
        "hidden",
        "A report in a hidden state of a real explorer is late",
        """
        found = review.observations.copy()
        found.loc[found.query("area == 'a1' and year == 2011 and indicator == 'don'").index, "value"] = «4.0¦None»
        dk.explore(dk.views.trend, dataclasses.replace(review, observations=found), indicator="giam_sat")
    """,
    ),
)

# --- the rest of the kit ----------------------------------------------------------------------------------------------
KIT = (
    _tiny(
        "data",
        "One supervision less in a view",
        """
        review = dataclasses.replace(review, records=review.records.drop(index=[«¦0»]))
        dk.views.trend(review, indicator="giam_sat")
    """,
    ),
    _tiny("code", "A view is asked for another area", 'dk.views.trend(review, indicator="giam_sat", area="«A¦B»")'),
    _tiny(
        "data",
        "A roll-up counts one record less",
        'dk.rollup(review.records«¦.iloc[1:]», review.areas, by=["area", "year"])',
    ),
    _tiny(
        "data",
        "A cube answers with another series",
        """
        from danvan_kit import cube
        print(cube.of(reported(review, «10¦11», area="C", year=2011, indicator="don")).series("don", "C"))
    """,
    ),
    _tiny(
        "data",
        "A check finds one problem more",
        """
        review = reported(review, «6¦600», area="a2", year=2012, indicator="don_xong")
        dk.check(review)[["rule", "area", "year", "expected", "found"]]
    """,
    ),
    _tiny(
        "data",
        "A check's sentence names another number",
        """
        review = reported(review, «600¦700», area="a2", year=2012, indicator="don_xong")
        print(*dk.check(review)["message"], sep="\\n")
    """,
    ),
    _tiny(
        "presentation",
        "Problems are told in another language",
        'print(*dk.check(review, lang="«vi¦en»")["message"], sep="\\n")',
    ),
    _tiny(
        "data",
        "A growth is measured from another figure",
        """
        import pandas as pd
        from danvan_kit import measures
        measures.growth(pd.DataFrame({"year": [2018, 2019], "value": [«4¦5», 5.0]}))
    """,
    ),
    _tiny(
        "kit",
        "A rank counts from the other end",
        """
        import pandas as pd
        from danvan_kit import measures
        measures.rank(pd.DataFrame({"value": [3.0, 5.0, 7.0]}), "«higher¦lower»")
    """,
    ),
    _tiny(
        "kit",
        "Percentages in a reading are rounded to whole numbers",
        """
        from danvan_kit import words
        old = words.percent
        with patch.object(words, "percent", lambda value, digits=1, **more: old(value, «digits¦0», **more)):
            display(dk.views.drilldown(review, indicator="giam_sat"))
    """,
    ),
    _tiny(
        "kit",
        "Numbers are written with another separator",
        """
        from danvan_kit import words
        old = words.number
        with patch.object(words, "number", lambda value, **more: old(value, **more)«¦.replace(".", " ")»):
            print(words.number(27739))
    """,
    ),
    _tiny(
        "kit",
        "A name is matched to another area",
        """
        from danvan_kit import names
        print(dk.match("Phường «Một¦Hai»", review.areas).area)
    """,
    ),
    _tiny(
        "kit",
        "The cube adds up wrongly",
        """
        from danvan_kit import sums
        old = sums.branch_sums
        with patch.object(sums, "branch_sums", lambda own, areas: old(own, areas) «¦+ 1»):
            display(dk.rollup(review.records, review.areas, by=["area"]))
    """,
    ),
    _tiny(
        "kit",
        "A view loses its first source",
        """
        view = dk.views.trend(review, indicator="giam_sat")
        dataclasses.replace(view, sources=view.sources[«0¦1»:])
    """,
    ),
    _tiny(
        "data",
        "A headline no longer agrees with the published figure",
        """
        review = dataclasses.replace(review, statements=review.statements.assign(value=1«3¦4»))
        dk.views.headline(review)
    """,
    ),
)

SEEN: tuple[Change, ...] = (
    *TEXT, *VALUES, *FRAMES, *PLOTLY, *WIDGETS, *DISPLAYS, *MARKUP, *PICTURES, *BROUGHT, *EXPLORERS, *KIT,
)  # fmt: skip
"""Each of these must be reported."""

_quiet = partial(_case, NOISE)
_SUM = "«0.1 + 0.2¦0.3»"
# --- addresses, clocks and random names -------------------------------------------------------------------------------
VOLATILE = (
    _quiet("The address of an object", "object()"),
    _quiet("The address of a printed function", "print(lambda: 0)"),
    _quiet("A number that id() gave, in hexadecimal", "print(f'<Area at {hex(id(object()))}>')"),
    _quiet("A bound method", "class Area:\n    def name(self): ...\n\nArea().name"),
    _quiet("A generator", "(n for n in range(3))"),
    _quiet("A random uuid", "import uuid\nprint(uuid.uuid4())"),
    _quiet("A random uuid without dashes", "import uuid\nprint('phiên', uuid.uuid4().hex)"),
    _quiet(
        "A time that passed",
        """
        import time
        start = time.perf_counter()
        print(f"took {time.perf_counter() - start:.7f} s")
    """,
    ),
    _quiet("What %time prints", 'get_ipython().run_line_magic("time", "sum(range(10**5))")'),
    _quiet("What %timeit prints", 'get_ipython().run_line_magic("timeit", "-n 3 -r 3 sum(range(1000))")'),
    _quiet("What %%time prints", 'get_ipython().run_cell_magic("time", "", "sum(range(10**5))")'),
    _quiet("The time of day", "import datetime as dt\nprint(dt.datetime.now())"),
    _quiet("The time of day as an object", "import datetime as dt\ndt.datetime.now()"),
    _quiet(
        "The time of day as ISO text in a sentence",
        """
        import datetime as dt
        print("Chạy lúc", dt.datetime.now(dt.UTC).isoformat(timespec="microseconds"))
    """,
    ),
    _quiet(
        "The path of a temporary file",
        """
        import tempfile
        with tempfile.NamedTemporaryFile(suffix=".csv") as page:
            print("đã ghi", page.name)
    """,
    ),
    _quiet(
        "The path of a temporary folder",
        """
        import pathlib, tempfile
        with tempfile.TemporaryDirectory() as folder:
            print(pathlib.Path(folder) / "bao-cao.html")
    """,
    ),
    _quiet("A warning with the path of the cell", 'import warnings\nwarnings.warn("thiếu số liệu", stacklevel=1)'),
    _quiet(
        "A log line with a time stamp",
        """
        import logging, sys
        log = logging.getLogger("noise")
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
        log.warning("đã đọc 120 dòng")
        log.removeHandler(handler)
    """,
    ),
    _quiet("The identity of a thread", "import threading\nthreading.current_thread()"),
    _quiet("The number of the process", 'import os\nprint(f"<Worker pid={os.getpid()}>")'),
    _quiet(
        "An axes object and lines of matplotlib",
        """
        from matplotlib.figure import Figure
        axes = Figure().subplots()
        print(axes)
        axes.plot([1, 2])
    """,
    ),
    _quiet("A printed set of words", 'print({"Ba Vì", "Đống Đa", "Sóc Sơn", "Mê Linh"})'),
    _quiet("A frozenset of words as a value", 'frozenset({"Ba Vì", "Đống Đa", "Sóc Sơn", "Mê Linh"})'),
    _quiet(
        "A dict whose order comes from a set",
        '{name: len(name) for name in {"Ba Vì", "Đống Đa", "Sóc Sơn", "Mê Linh"}}',
    ),
    _quiet("The memory that info() tells", "import pandas as pd\npd.DataFrame({'value': range(300)}).info()"),
    _quiet(
        "A traceback with a path and an address",
        """
        import traceback
        try:
            raise ValueError(object())
        except ValueError:
            print(traceback.format_exc())
    """,
    ),
)

# --- the same figures, computed or sent otherwise ---------------------------------------------------------------------
EQUAL = (
    _quiet("The last bit of a printed sum", f"print({_SUM})"),
    _quiet("The last bit of a value", _SUM),
    _quiet("The last bit of a number in a list", f"[1, {_SUM}, 2]"),
    _quiet("The last bit of a number in a table", f"import pandas as pd\npd.DataFrame({{'share': [{_SUM}]}})"),
    _quiet(
        "The last bit of a number in an HTML table",
        f"""
        from IPython.display import HTML
        HTML(f"<table><tr><td>{{{_SUM}}}</td></tr></table>")
    """,
    ),
    _quiet(
        "The last bit of a number in a plotly figure",
        f"import plotly.graph_objects as go\ngo.Figure(go.Bar(y=[1, {_SUM}]))",
    ),
    _quiet(
        "The last bit of a number in a plotly typed array",
        f"""
        import numpy as np
        import plotly.graph_objects as go
        go.Figure(go.Bar(y=np.array([1, {_SUM}])))
    """,
    ),
    _quiet("The last bit of a widget's value", f"import ipywidgets\nipywidgets.FloatText({_SUM})"),
    _quiet("The last bit of a number in JSON", f"from IPython.display import JSON\nJSON({{'share': {_SUM}}})"),
    _quiet(
        "A typed array instead of a list in a plotly figure",
        """
        import numpy as np
        import plotly.graph_objects as go
        go.Figure(go.Bar(x=["A", "B", "C"], y=«[3, 5, 7]¦np.array([3, 5, 7])»))
    """,
    ),
    _quiet(
        "A wider typed array in a plotly figure",
        """
        import numpy as np
        import plotly.graph_objects as go
        go.Figure(go.Bar(y=np.array([3, 5, 7], dtype="«int8¦float64»")))
    """,
    ),
    _quiet(
        "The order of keys in a JSON output",
        """
        from IPython.display import JSON
        JSON({«"a": 1, "b": 2¦"b": 2, "a": 1»})
    """,
    ),
    _quiet("Several prints instead of one", 'print("một«\\n¦")\nprint("»hai")'),
    _quiet("A print in pieces", 'print("một«¦", end="")\nprint("» hai")'),
    _quiet(
        "Two streams that arrive in another order",
        """
        import sys
        «print("một")
        print("lỗi", file=sys.stderr)
        print("hai")¦print("một")
        print("hai")
        print("lỗi", file=sys.stderr)»
    """,
    ),
    _quiet(
        "A progress line with the same end",
        """
        for n in range(«5¦50»):
            print(f"\\r{n} bước", end="")
        print("\\rxong 100 %")
    """,
    ),
    _quiet(
        "A loop that clears its output, with the same end",
        """
        from IPython.display import clear_output
        for n in range(«2¦4»):
            clear_output()
            print(n)
        clear_output()
        print("xong")
    """,
    ),
    _quiet(
        "Updates of a display with the same end",
        """
        from IPython.display import display
        handle = display("bước 0", display_id=True)
        for n in range(«2¦4»):
            handle.update(f"bước {n}")
        handle.update("xong")
    """,
    ),
    _quiet(
        "A widget that takes another way to the same value",
        """
        import ipywidgets
        slider = ipywidgets.IntSlider(«3¦1»)
        slider.value = 3
        slider
    """,
    ),
    _quiet("A cell that only defines a function", "def half(n):\n    return n / 2"),
    _quiet("A cell that displays nothing", "found = «17¦18»"),
    _quiet("An empty text", 'print("", end="")'),
    _quiet("A line of source that is only a comment", "«# cũ¦# mới»\nprint(17)"),
)

# --- outputs that come with random ids --------------------------------------------------------------------------------
UNCHANGED = (
    _quiet("A styled table", "import pandas as pd\npd.DataFrame({'value': [3, 5]}).style.highlight_max()"),
    _quiet("A long table", "import pandas as pd\npd.DataFrame({'value': range(580)})"),
    _quiet("A plotly figure", "import plotly.graph_objects as go\ngo.Figure(go.Bar(y=[3, 5]))"),
    _quiet(
        "A plotly figure with random uids",
        """
        import uuid
        import plotly.graph_objects as go
        go.Figure(go.Bar(y=[3, 5], uid=uuid.uuid4().hex))
    """,
    ),
    _quiet(
        "A plotly figure written as HTML",
        """
        import plotly.graph_objects as go
        from IPython.display import HTML
        HTML(go.Figure(go.Bar(y=[3, 5])).to_html(include_plotlyjs="cdn", full_html=False))
    """,
    ),
    _quiet("A FigureWidget", "import plotly.graph_objects as go\ngo.FigureWidget(go.Bar(y=[3, 5]))"),
    _quiet(
        "A box of widgets",
        "import ipywidgets as w\nw.VBox([w.IntSlider(3), w.HBox([w.Text('A'), w.Dropdown(options='AB')])])",
    ),
    _quiet("An interact", "import ipywidgets as w\nw.interact(lambda n: print(n), n=(0, 10));"),
    _quiet("An Output", "import ipywidgets as w\nout = w.Output()\nwith out:\n    print(17)\nout"),
    _quiet(
        "An anywidget",
        """
        import anywidget
        import traitlets

        class Still(anywidget.AnyWidget):
            _esm = "export default { render({ model, el }) { el.textContent = model.get('value') } }"
            value = traitlets.Int(3).tag(sync=True)

        Still()
    """,
    ),
    _quiet(
        "A data grid",
        "import pandas as pd\nfrom ipydatagrid import DataGrid\nDataGrid(pd.DataFrame({'value': range(120)}))",
    ),
    _quiet(
        "An interactive table", "import itables\nimport pandas as pd\nitables.show(pd.DataFrame({'value': range(300)}))"
    ),
    _quiet(
        "An interactive table written as HTML",
        """
        import itables
        import pandas as pd
        from IPython.display import HTML
        HTML(itables.to_html_datatable(pd.DataFrame({"value": range(300)}), connected=True))
    """,
    ),
    _quiet(
        "HTML whose random id stands in its style and script too",
        """
        import secrets
        from IPython.display import HTML
        key = f"chart-{secrets.token_hex(8)}"
        HTML(f"<style>#{key} b {{color: red}}</style><div id='{key}'><b>17</b></div>"
             f"<script>draw(document.getElementById('{key}'), [3, 5])</script>")
    """,
    ),
    _quiet(
        "HTML with a uuid of underscores as its id",
        """
        import uuid
        from IPython.display import HTML
        key = str(uuid.uuid4()).replace("-", "_")
        HTML(f'<div id="map_{key}"></div><script>var map_{key} = start("map_{key}", [105.85, 21.02]);</script>')
    """,
    ),
    _quiet(
        "An SVG picture with random ids and a date",
        """
        import io
        from IPython.display import SVG
        from matplotlib.figure import Figure
        figure = Figure(figsize=(3, 2))
        figure.subplots().plot([3, 5, 7], marker="o")
        page = io.BytesIO()
        figure.savefig(page, format="svg")
        SVG(page.getvalue())
    """,
    ),
    _quiet(
        "A PNG with other metadata and compression, the same pixels",
        """
        import io
        from IPython.display import Image
        from matplotlib.figure import Figure
        figure = Figure(figsize=(3, 2))
        figure.subplots().bar(["A", "B"], [3, 5])
        page = io.BytesIO()
        options = {"compress_level": «1¦9»}
        figure.savefig(page, format="png", metadata={"Software": "«một¦hai»"}, pil_kwargs=options)
        Image(page.getvalue())
    """,
    ),
    _quiet(
        "A picture of pyplot",
        "import matplotlib.pyplot as plt\nplt.figure(figsize=(3, 2))\nplt.bar(['A', 'B'], [3, 5])\nplt.show()",
    ),
    _quiet(
        "An explorer",
        "import danvan_kit as dk\nfrom explorer_world import squares, world\ndk.explore(squares, world())",
    ),
    _quiet(
        "An explorer whose review is loaded anew",
        """
        import danvan_kit as dk
        from explorer_world import bars, world
        review = world()
        «¦review = world()
        »dk.explore(bars, review, pin=["level"])
    """,
    ),
    _quiet(
        "An explorer whose records stand in another order",
        """
        import dataclasses
        import danvan_kit as dk
        from explorer_world import squares, world
        review = world()
        dk.explore(squares, dataclasses.replace(review, records=review.records[::«1¦-1»]))
    """,
    ),
    _quiet(
        "Two linked explorers",
        """
        import danvan_kit as dk
        from IPython.display import display
        from explorer_world import squares, trend, world
        first = dk.explore(squares, world())
        display(first, dk.explore(trend, world(), link=first, pin=["years"]))
    """,
    ),
    _quiet(
        "A view of the kit",
        """
        import danvan_kit as dk
        from conftest import tiny_review
        dk.views.trend(tiny_review(), indicator="giam_sat")
        """,
    ),
    _quiet(
        "Problems of a review", "import danvan_kit as dk\nfrom conftest import tiny_review\ndk.check(tiny_review())"
    ),
)

SILENT: tuple[Change, ...] = (*VOLATILE, *EQUAL, *UNCHANGED)
"""None of these may be reported."""
