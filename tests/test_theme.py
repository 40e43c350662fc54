"""Colours, layout, marks and tiles."""

import pytest

from danvan_kit import theme


def luminance(color):
    """Relative luminance, 0 to 1."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def neighbours(cells):
    """Return the cells that share an edge with any of an area's: six around each brick."""
    out = set()
    for r, c in cells:
        right = (r + 1) % 2
        out |= {(r, c - 1), (r, c + 1)}
        out |= {(r + step, c - 1 + right + n) for step in (-1, 1) for n in (0, 1)}
    return out - set(cells)


def touching(layout):
    """Return the pairs of areas whose tiles share an edge."""
    return {frozenset((a, b)) for a in layout for b in layout if a != b and neighbours(layout[a]) & set(layout[b])}


def test_the_sequential_scale_only_gets_darker_so_that_it_survives_greyscale():
    steps = [luminance(color) for _, color in theme.SEQUENTIAL]
    assert steps == sorted(steps, reverse=True)
    assert steps[0] - steps[-1] > 0.8


@pytest.mark.parametrize("share", [0, 0.25, 0.5, 0.69, 0.71, 0.75, 1])
def test_text_can_be_read_on_every_shade(share):
    at = next(n for n, (end, _) in enumerate(theme.SEQUENTIAL) if end >= share)
    (low, a), (high, b) = theme.SEQUENTIAL[max(at - 1, 0)], theme.SEQUENTIAL[at]
    part = (share - low) / ((high - low) or 1)
    mixed = "#" + "".join(
        f"{round(int(a[i : i + 2], 16) * (1 - part) + int(b[i : i + 2], 16) * part):02x}" for i in (1, 3, 5)
    )
    ink, paper = sorted([luminance(theme.contrast(share)), luminance(mixed)])
    assert (paper + 0.05) / (ink + 0.05) > 3.4


def test_a_layout_says_simulated_above_and_across_the_picture():
    plain = theme.layout("vi", simulated=False, provenance="Nguồn")
    marked = theme.layout("vi", simulated=True, provenance="Nguồn")
    assert [n["text"] for n in plain["annotations"]] == ["Nguồn"]
    assert sum("SỐ LIỆU MÔ PHỎNG" in n["text"] for n in marked["annotations"]) == 2
    english = theme.layout("en", simulated=True, provenance="Source")
    assert sum("SIMULATED DATA" in n["text"] for n in english["annotations"]) == 2


def test_a_layout_has_vietnamese_separators_and_uploads_nothing():
    assert theme.layout("vi", simulated=False, provenance="")["separators"] == ",."
    english = theme.layout("en", simulated=False, provenance="")
    assert english["separators"] == ".,"
    assert "sendDataToCloud" in english["modebar"]["remove"]
    assert "template" not in english


def test_a_layout_is_fresh_each_time():
    theme.layout("vi", simulated=True, provenance="")["modebar"]["remove"].clear()
    assert theme.layout("vi", simulated=True, provenance="")["modebar"]["remove"]


def test_short_names_lose_their_kind_but_not_a_number():
    assert theme.short("Quận Ba Đình", "quận") == "Ba Đình"
    assert theme.short("Thị xã Sơn Tây", "thị xã") == "Sơn Tây"
    assert theme.short("Phường 2", "phường") == "Phường 2"
    assert theme.short("Thành phố Hà Nội", "quận") == "Thành phố Hà Nội"


def test_names_break_in_two_near_the_middle():
    assert theme.wrap("Nam Từ Liêm") == "Nam Từ<br>Liêm"
    assert theme.wrap("Huế") == "Huế"


@pytest.mark.parametrize(("year", "count"), [(2010, 29), (2013, 29), (2014, 30), (2020, 30)])
def test_every_district_of_a_year_has_a_tile_of_its_own(shipped, year, count):
    layout = theme.tiles(shipped.areas.of_year(year, "district")["area"])
    cells = [cell for own in layout.values() for cell in own]
    assert len(layout) == count
    assert len(cells) == len(set(cells)) == 30


def test_tu_liem_fills_the_tiles_of_the_two_districts_it_became():
    assert set(theme.TILES["019a"]) == set(theme.TILES["019b"]) | set(theme.TILES["021"])
    assert frozenset(("019b", "021")) in touching({a: theme.TILES[a] for a in ("019b", "021")})


def test_the_tiles_lie_as_the_districts_do(shipped):
    layout = theme.tiles(shipped.areas.of_year(2015, "district")["area"])
    pairs = touching(layout)
    near = [("001", "002"), ("001", "003"), ("001", "006"), ("002", "007"), ("017", "016"), ("017", "250")]
    near += [("271", "269"), ("280", "281"), ("281", "282"), ("268", "277"), ("008", "020"), ("275", "276")]
    assert all(frozenset(pair) in pairs for pair in near)
    far = [("016", "280"), ("271", "018"), ("001", "282"), ("269", "279")]
    assert not any(frozenset(pair) in pairs for pair in far)
    (north, _), (south, _) = layout["016"][0], layout["282"][0]
    assert north < south
    assert layout["271"][0][1] < layout["018"][0][1]


def test_unknown_districts_stand_in_a_block():
    layout = theme.tiles(["x", "y", "z"])
    assert layout == {"x": ((0, 0),), "y": ((0, 1),), "z": ((1, 0),)}
    assert theme.tiles([]) == {}
