"""The form for findings under an explorer, without a browser: what the page is told, what is written."""

from __future__ import annotations

import json

import pytest
from conftest import tiny_review
from explorer_world import bars

from danvan_kit import explore, findings, views
from danvan_kit.explorer import canvas
from danvan_kit.findings import FindingError

FORM = {"statement": "Quận A nhận nhiều đơn nhất", "kind": "strength", "author": "Nguyễn Văn Ấn", "key": "k1"}
FORM |= {"recommendation": "", "due": "30-6-2021"}


@pytest.fixture(scope="module")
def review():
    return tiny_review()


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(canvas.Canvas, "send", lambda _, message, _buffers=(): messages.append(message))
    return messages


def _open(review, place, **more):
    explored = explore(views.compare, review, findings=place, indicator="don", area="C", year=2010, **more)
    explored._repr_mimebundle_()
    explored._canvas._hear(None, {"ask": "state"}, [])
    return explored


def _press(explored, **form):
    choices = json.loads(json.dumps(explored.choices))
    explored._canvas._hear(None, {"finding": FORM | {"choices": choices} | form}, [])


def test_the_page_has_the_form_only_where_findings_are_kept(review, tmp_path, sent):
    _open(review, tmp_path, author="Trần Thị B", lang="en")
    spec = sent[-1]["findings"]
    assert (spec["author"], spec["text"]["record"]) == ("Trần Thị B", "Record a finding")
    assert [kind for kind, _ in spec["kinds"]] == ["", "strength", "weakness", "cause", "question"]
    _open(review, None)
    assert sent[-1]["findings"] is None


def test_a_form_is_recorded_with_what_is_shown_and_told_with_the_number_of_findings(review, tmp_path, sent):
    explored = _open(review, tmp_path)
    explored.set(year=2012)
    _press(explored)
    told = sent[-1]
    assert (told["kind"], told["key"], told["saved"]) == ("finding", "k1", True)
    assert told["line"] == "Đã lưu phát hiện. Trong sổ hiện có 1 phát hiện."
    (found,) = findings.read(tmp_path)
    assert (found.statement, found.choices["year"], found.due.isoformat()) == (FORM["statement"], 2012, "2021-06-30")
    assert found.title == explored.view.title


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"statement": " "}, "Chưa lưu: thiếu nội dung phát hiện"),
        ({"author": ""}, "Chưa lưu: thiếu người ghi"),
        ({"kind": ""}, "Chưa lưu: chưa chọn loại"),
        ({"due": "31-2-2021"}, "Chưa lưu: '31-2-2021' không phải là ngày"),
        ({"choices": {"area": "A"}}, "Chưa lưu: hình vừa đổi sang lựa chọn khác"),
    ],
)
def test_what_is_wrong_with_a_form_is_one_line_and_nothing_is_written(review, tmp_path, sent, form, told):
    _press(_open(review, tmp_path), **form)
    assert not sent[-1]["saved"]
    assert sent[-1]["line"].startswith(told)
    assert "\n" not in sent[-1]["line"]
    assert findings.read(tmp_path) == ()


def test_a_form_sent_again_is_the_same_finding(review, tmp_path, sent):
    explored = _open(review, tmp_path)
    _press(explored)
    _press(explored)
    _press(explored, key="k2")
    assert len(findings.read(tmp_path)) == 2


def test_a_place_that_cannot_be_written_leaves_the_words_with_the_writer(review, tmp_path, sent):
    (tmp_path / "file").write_text("x")
    _press(_open(review, tmp_path / "file"))
    assert (sent[-1]["saved"], sent[-1]["line"].startswith("Chưa lưu: chưa ghi được")) == (False, True)


def test_a_mistake_of_the_kit_is_told_too(review, tmp_path, sent, monkeypatch, caplog):
    monkeypatch.setattr("danvan_kit.explorer.recorder.write", lambda *_: 1 / 0)
    _press(_open(review, tmp_path, lang="en"))
    assert sent[-1]["line"] == "Not saved: ZeroDivisionError: division by zero"
    assert "finding not recorded" in caplog.text


def test_saved_is_said_though_the_others_findings_cannot_be_read(review, tmp_path, sent):
    explored = _open(review, tmp_path)
    (tmp_path / "bad.jsonl").write_text("{\n")
    _press(explored)
    assert sent[-1]["line"].endswith("Có 1 dòng bị hỏng, xem bằng danvan check.")
    (tmp_path / "a.jsonl").mkdir()
    _press(explored, key="k2")
    assert sent[-1]["saved"]
    assert sent[-1]["line"].startswith("Đã lưu phát hiện. không đọc được")


def test_a_message_without_a_form_to_answer_it_is_left_alone(review, sent):
    explored = _open(review, None)
    before = len(sent)
    _press(explored)
    assert len(sent) == before


def test_a_view_that_could_not_be_asked_again_takes_no_findings(review, tmp_path):
    with pytest.raises(FindingError, match="'bars' không thuộc"):
        explore(bars, review, findings=tmp_path)


def test_a_shared_page_has_no_form(review, tmp_path):
    packed = json.dumps(explore(views.trend, review, findings=tmp_path)._payload())
    assert "Ghi phát hiện" not in packed
    assert str(tmp_path) not in packed
