"""The sample findings in ``data/simulated/findings``: made from real views on the simulated data, without a clock.

Run it to write them anew: ``python tests/sample_findings.py``.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

from danvan_kit import findings, views
from danvan_kit import review as reviews
from danvan_kit.findings.lines import to_line

DATA = Path(__file__).parents[1] / "data"
FILE = DATA / "simulated" / "findings" / "doan-mo-phong.jsonl"
AUTHOR = "Đoàn mô phỏng"
SAMPLES = (
    {
        "kind": "strength",
        "view": "trend",
        "choices": {"area": "001", "indicator": "cuoc_giam_sat"},
        "statement": "Quận Ba Đình duy trì hoạt động giám sát trong cả giai đoạn, "
        "số cuộc giám sát năm 2019 cao hơn rõ rệt so với năm 2010.",
    },
    {
        "kind": "strength",
        "view": "headline",
        "choices": {},
        "statement": "Các số liệu đã công bố khớp với bộ dữ liệu tổng hợp từ ba cấp.",
    },
    {
        "kind": "weakness",
        "view": "compare",
        "choices": {"indicator": "doi_thoai_dinh_ky", "level": "district", "year": 2016},
        "area": "",
        "statement": "Việc tổ chức đối thoại định kỳ chưa đều: "
        "năm 2016 số hội nghị ở các quận, huyện, thị xã chênh lệch nhiều lần.",
        "recommendation": "Các quận ủy, huyện ủy, thị ủy xây dựng kế hoạch đối thoại hằng năm "
        "và báo cáo kết quả thực hiện.",
        "due": dt.date(2020, 12, 15),
    },
    {
        "kind": "weakness",
        "view": "reconciliation",
        "choices": {"indicator": "don_thu_tiep_nhan", "year": 2015},
        "area": "",
        "statement": "Một số đơn vị tổng hợp số đơn thư năm 2015 chưa khớp với báo cáo của từng xã, phường, thị trấn.",
        "recommendation": "Các đơn vị có số chưa khớp rà soát, báo cáo lại số liệu đơn thư năm 2015.",
        "due": dt.date(2020, 9, 30),
    },
    {
        "kind": "cause",
        "view": "completeness",
        "choices": {"year": 2019},
        "area": "",
        "statement": "Chế độ báo cáo ở một số xã, phường, thị trấn chưa nghiêm "
        "nên số tổng hợp của cấp trên chưa đầy đủ.",
        "recommendation": "Ban Dân vận các quận ủy, huyện ủy, thị ủy đôn đốc các đơn vị còn thiếu gửi bổ sung.",
    },
    {
        "kind": "question",
        "view": "peers",
        "choices": {"area": "001", "year": 2019},
        "status": "draft",
        "statement": "Đề nghị Quận Ba Đình làm rõ những chỉ tiêu đứng ở nhóm cuối trong các quận năm 2019.",
    },
)


def samples(review: reviews.Review) -> list[findings.Finding]:
    """Return the findings, with ids and times that do not come from the clock."""
    made = []
    for n, sample in enumerate(SAMPLES, 1):
        words = {"status": "agreed"} | {key: part for key, part in sample.items() if key not in {"view", "choices"}}
        function = getattr(views, str(sample["view"]))
        found = findings.from_view(function, review, sample["choices"], author=AUTHOR, **words)
        stamp = f"2020-07-{n:02d}T09:00:00.000+07:00"
        made.append(dataclasses.replace(found, finding=f"01731000-0000-7000-8000-{n:012d}", time=stamp))
    return made


def text(review: reviews.Review) -> str:
    """Return the file, a line a finding."""
    return "".join(f"{to_line(finding)}\n" for finding in samples(review))


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text(reviews.load(DATA)), encoding="utf-8", newline="\n")
