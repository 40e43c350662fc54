"""The command ``danvan``. Exit 0: fine; 1: problems found; 2: misuse, with one line that says what to do instead."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from danvan_kit.errors import DanvanError

if TYPE_CHECKING:
    from danvan_kit.forms.results import Forms
    from danvan_kit.regression.verdict import Verdict
    from danvan_kit.review import Review

# The syntax checker behind `nbformat` builds a grammar at every start (0.7 s) for a format that no notebook uses.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # a pipe on Windows has the code page's encoding, which has no Vietnamese
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(encoding="utf-8")
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except DanvanError as err:
        print(f"danvan: {err}", file=sys.stderr)
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="danvan", description="Bộ công cụ tổng kết công tác dân vận / review toolkit for mass-mobilization work"
    )
    commands = parser.add_subparsers(required=True, metavar="LỆNH")
    lab = commands.add_parser("lab", help="mở JupyterLab với các sổ tay / open the notebooks in JupyterLab")
    lab.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="FOLDER", help="thư mục dự án / project")
    lab.add_argument("--port", type=int, help="cổng / port (mặc định: cổng trống đầu tiên từ 8888)")
    lab.add_argument("--no-browser", action="store_true", help="chỉ in địa chỉ / only print the address")
    lab.set_defaults(run=_lab)
    check = commands.add_parser("check", help="kiểm tra số liệu / list what does not add up")
    check.add_argument("folder", nargs="?", type=Path, default=Path("data"), metavar="FOLDER")
    check.add_argument("--to", type=Path, metavar="FILE.csv", help="ghi toàn bộ vào tệp / write every row")
    check.add_argument("--findings", default="", metavar="PLACE", help="sổ phát hiện / folder or database")
    check.add_argument("--lang", choices=("vi", "en"), default="vi")
    check.set_defaults(run=_check)
    _add_reconcile(commands)
    _add_read(commands)
    _add_minutes(commands)
    share = commands.add_parser("publish", help="làm trang mở được không cần mạng / make pages that open offline")
    share.add_argument(
        "notebooks", nargs="*", type=Path, metavar="NOTEBOOK", help="mặc định / default: notebooks/*.ipynb"
    )
    share.add_argument("--to", type=Path, required=True, metavar="DIR", help="thư mục kết quả / where to")
    share.add_argument("--single-file", action="store_true", help="mỗi trang một tệp trọn vẹn / self-contained files")
    share.add_argument("--as-saved", action="store_true", help="lấy kết quả đã lưu, không chạy / take saved outputs")
    share.add_argument("--in-place", action="store_true", help="ghi kết quả chạy vào sổ tay / also save the notebooks")
    share.add_argument(
        "--each",
        action="append",
        default=[],
        choices=("city", "district", "commune"),
        help="mỗi đơn vị một trang; dùng được hai lần / one page an area; may be given twice",
    )
    share.add_argument(
        "--country", action="store_true", help="với --each: cả nước mô phỏng / with --each: the simulated country"
    )
    share.add_argument("--data", type=Path, default=Path("data"), metavar="FOLDER", help="dữ liệu / the review")
    share.add_argument("--fresh", action="store_true", help="nhân Python mới cho từng đơn vị / a fresh kernel each")
    share.set_defaults(run=_publish)
    verify = commands.add_parser(
        "verify", help="chạy lại sổ tay, nói số nào đã đổi / run the notebooks, say which figure moved"
    )
    verify.add_argument(
        "notebooks", nargs="*", type=Path, metavar="NOTEBOOK", help="mặc định / default: notebooks/*.ipynb"
    )
    verify.add_argument("--accept", action="store_true", help="ghi kết quả mới vào sổ tay đã nêu / renew their outputs")
    verify.add_argument("--report", type=Path, metavar="FILE.html", help="trang kết quả, hình cạnh hình / a page")
    verify.add_argument("--timeout", type=float, default=45, metavar="S", help="giây cho một ô / seconds a cell")
    verify.add_argument("--jobs", type=int, metavar="N", help="số sổ tay chạy cùng lúc / notebooks at once")
    verify.add_argument("--lang", choices=("vi", "en"), default="vi")
    verify.set_defaults(run=_verify)
    diff = commands.add_parser("diff", help="so hai sổ tay đã lưu, không chạy / compare two saved notebooks")
    diff.add_argument("old", type=Path, metavar="OLD.ipynb")
    diff.add_argument("new", type=Path, metavar="NEW.ipynb")
    diff.add_argument("--report", type=Path, metavar="FILE.html", help="trang kết quả, hình cạnh hình / a page")
    diff.add_argument("--lang", choices=("vi", "en"), default="vi")
    diff.set_defaults(run=_diff)
    simulate = commands.add_parser("simulate", help="sinh dữ liệu mô phỏng / make simulated data")
    simulate.add_argument("--to", type=Path, required=True, metavar="DIR")
    simulate.add_argument("--data", type=Path, default=Path("data"), metavar="FOLDER", help="danh mục / the facts")
    simulate.add_argument("--seed", type=int, default=290)
    simulate.add_argument("--clean", action="store_true", help="không cài lỗi / plant no faults")
    simulate.add_argument("--country", action="store_true", help="quy mô 63 tỉnh / the country's scale")
    simulate.add_argument("--records", type=int, default=1_000_000, metavar="N", help="số dòng / rows, with --country")
    simulate.set_defaults(run=_simulate)
    return parser


def _add_reconcile(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    follow = commands.add_parser("reconcile", help="đối chiếu một số liệu qua ba cấp / follow a figure through levels")
    follow.add_argument("folder", nargs="?", type=Path, default=Path("data"), metavar="FOLDER")
    follow.add_argument("--indicator", required=True, metavar="ID", help="chỉ tiêu cộng được / one that adds up")
    follow.add_argument("--area", default="", metavar="ID", help="mặc định: cả thành phố / default: the whole city")
    follow.add_argument("--to", type=Path, metavar="PATH", help="câu hỏi: thư mục hoặc tệp .xlsx / write the questions")
    follow.add_argument("--lang", choices=("vi", "en"), default="vi")
    follow.set_defaults(run=_reconcile)


def _add_read(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    read = commands.add_parser("read", help="đọc biểu mẫu các đơn vị gửi / read the spreadsheets that offices sent")
    read.add_argument("forms", nargs="*", type=Path, metavar="FORMS", help="tệp hoặc thư mục / files or folders")
    read.add_argument("--into", type=Path, metavar="FOLDER", help="lưu vào thư mục / file them in a folder")
    read.add_argument("--problems", type=Path, metavar="FILE.xlsx", help="ghi câu hỏi và lỗi / write what to ask")
    read.add_argument("--data", type=Path, default=Path("data"), metavar="FOLDER", help="dữ liệu / the review")
    read.add_argument("--layout", type=Path, metavar="FILE.csv", help="tiêu đề riêng / own headers: form, means, words")
    read.add_argument("--template", action="store_true", help="ghi biểu trống vào --into / write blank forms")
    read.add_argument("--level", choices=("city", "district", "commune"), help="với --template / with --template")
    read.add_argument("--area", metavar="ID", help="với --template / with --template")
    read.add_argument("--year", type=int, help="với --template / with --template")
    read.add_argument("--lang", choices=("vi", "en"), default="vi")
    read.set_defaults(run=_read)


def _add_minutes(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    paper = commands.add_parser("minutes", help="lập biên bản, báo cáo từ các phát hiện / minutes or a report")
    paper.add_argument("folder", nargs="?", type=Path, default=Path("data"), metavar="FOLDER", help="dữ liệu / review")
    paper.add_argument("--findings", required=True, metavar="FOLDER", help="thư mục hoặc URL / folder or URL")
    paper.add_argument("--to", type=Path, required=True, metavar="FILE.docx", help="văn bản Word / the document")
    paper.add_argument("--kind", choices=("minutes", "report"), default="minutes", help="biên bản, báo cáo")
    paper.add_argument("--layout", choices=("party", "state"), default="party", help="thể thức Đảng, Nhà nước")
    paper.add_argument("--appendix", type=Path, metavar="FILE.xlsx", help="phụ lục Excel / the appendix")
    for name, shown, what in (
        ("parent", "TÊN", "cơ quan cấp trên / superior body"),
        ("body", "TÊN", "cơ quan ban hành / issuing body"),
        ("number", "SỐ", "số và ký hiệu, như 12-BB/ĐKT / number"),
        ("place", "NƠI", "địa danh / place"),
        ("date", "NGÀY", "ngày văn bản, như 2020-07-15 / date"),
        ("unit", "TÊN", "đơn vị được kiểm tra / inspected office"),
    ):
        paper.add_argument(f"--{name}", default="", metavar=shown, help=what)
    paper.add_argument("--threshold", type=int, metavar="K", help="ẩn số nhỏ hơn K; 0: không ẩn / hide below; 0: none")
    paper.add_argument("--no-pictures", action="store_true", help="dùng bảng thay hình / tables instead of pictures")
    paper.add_argument("--lang", choices=("vi", "en"), default="vi")
    paper.set_defaults(run=_minutes)


def _lab(options: argparse.Namespace) -> int:
    from danvan_kit.lab import open_lab  # noqa: PLC0415 - a server takes a second to import

    open_lab(options.folder, port=options.port, browser=not options.no_browser)
    return 0


def _check(options: argparse.Namespace) -> int:
    from danvan_kit import checks, review, tables  # noqa: PLC0415 - the help needs no pandas
    from danvan_kit.findings import told  # noqa: PLC0415

    places = told.places(options.folder, options.findings)
    known = review.load(options.folder)
    found = checks.check(known, lang=options.lang)
    if options.to:
        tables.write(found, options.to)
    counts = found["severity"].value_counts()
    summary = ", ".join(f"{counts.get(s, 0)} {s}" for s in checks.SEVERITIES)
    for row in found.head(20).itertuples():
        print(f"[{row.severity!s}] {row.message!s}" + (f" ({row.source!s})" if row.source else ""))
    if len(found) > 20:
        print(f"… và {len(found) - 20} dòng nữa; ghi hết bằng --to FILE.csv / more rows: --to FILE.csv")
    print(f"{options.folder}: {summary}")
    fallen = sum(_check_findings(place, known, options.lang) for place in places)
    return 1 if fallen or counts.drop("info", errors="ignore").sum() else 0


def _check_findings(place: str, known: Review, lang: str) -> int:
    """Print which findings no longer hold; return how many."""
    from danvan_kit.findings import database, gather, latest, told  # noqa: PLC0415

    found, damaged = gather(place)
    fallen, lines = told.report(latest(found), tuple(damaged), known, lang)
    print(*lines[:-1], f"{database.shown(place)}: {lines[-1]}", sep="\n")
    return fallen


def _reconcile(options: argparse.Namespace) -> int:
    from danvan_kit import reconcile, review, words  # noqa: PLC0415
    from danvan_kit.reconcile.questions import questions, write_questions  # noqa: PLC0415

    known = review.load(options.folder)
    found = reconcile.chain(known, options.indicator, options.area, lang=options.lang)
    for step, value, missing in zip(*(found.steps[c] for c in ("name", "value", "missing")), strict=True):
        late = {"vi": f" (thiếu {missing} báo cáo)", "en": f" ({missing} reports lack)"}[options.lang]
        print(f"{step}: {words.number(value, lang=options.lang)}{late if missing else ''}")
    asked = questions(known, found.indicator, found.area, lang=options.lang)
    for question in asked["question"].head(20):
        print(f"- {question}")
    if options.to and len(asked):
        made = write_questions(asked, known, options.to)
        print({"vi": f"{options.to}: {len(made)} tệp", "en": f"{options.to}: {len(made)} files"}[options.lang])
    return 1 if len(asked) or len(found.found) else 0


def _read(options: argparse.Namespace) -> int:
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    from danvan_kit import review  # noqa: PLC0415

    if options.template and not options.into:
        raise DanvanError("--template cần --into FOLDER", "--template needs --into FOLDER")
    if not options.template and not options.forms:
        raise DanvanError(
            "thiếu tệp biểu mẫu; ví dụ: danvan read bieu/ --into nhan", "no forms; allowed: files, folders"
        )
    known = review.load(options.data)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("…", total=None)
        told = lambda what, n, total: bar.update(task, description=what, completed=n, total=total)  # noqa: E731
        if options.template:
            from danvan_kit.forms.blank import write_blanks  # noqa: PLC0415

            made = write_blanks(
                options.into, known, level=options.level, area=options.area, year=options.year, told=told
            )
            print(f"{options.into}: {len(made)} biểu trống / blank forms")
            return 0
        from danvan_kit.forms.read import read_forms  # noqa: PLC0415

        found = read_forms(options.forms, known, layout=options.layout, lang=options.lang, told=told)
    return _say_forms(found, options)


def _say_forms(found: Forms, options: argparse.Namespace) -> int:
    """Print what forms do not say clearly, and file them."""
    from danvan_kit.forms import export, keep  # noqa: PLC0415

    asked = [t for t in found.troubles if t.kind != "note"]
    for trouble in asked[:20]:
        print(trouble.message(options.lang))
    if len(asked) > 20:
        print(f"… và {len(asked) - 20} dòng nữa; ghi hết bằng --problems FILE.xlsx / more rows: --problems FILE.xlsx")
    if options.problems:
        export.write_problems(found.problems, options.problems, options.lang)
        print(options.problems)
    print(found)
    if options.into:
        print(f"{options.into}: {keep.keep(found, options.into)}")
    return 1 if asked else 0


def _minutes(options: argparse.Namespace) -> int:
    from danvan_kit.documents import command  # noqa: PLC0415 - Word's library takes time to import

    return command.run(options)


def _publish(options: argparse.Namespace) -> int:
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    from danvan_kit.pages import publish  # noqa: PLC0415 - kernels and templates take a second to import
    from danvan_kit.simulate import country_review  # noqa: PLC0415

    known = country_review(options.data) if options.country else options.data
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("…", total=None)
        done = publish(
            options.notebooks,
            to=options.to,
            single_file=options.single_file,
            as_saved=options.as_saved,
            in_place=options.in_place,
            each=options.each,
            data=known,
            fresh=options.fresh,
            told=lambda what, n, total: bar.update(task, description=what, completed=n, total=total),
        )
    for line in done.failed:
        print(f"danvan: {line}", file=sys.stderr)
    kept = f", {done.kept} trang giữ nguyên / kept" if done.kept else ""
    print(f"{options.to}: {len(done.files)} trang / pages{kept}")
    return 1 if done.failed else 0


def _verify(options: argparse.Namespace) -> int:
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    from danvan_kit.regression.verdict import verify  # noqa: PLC0415 - pytest and kernels take a second to import

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        found = verify(
            options.notebooks,
            accept=options.accept,
            timeout=options.timeout,
            jobs=options.jobs,
            told=lambda done, total: bar.update(task, completed=done, total=total),
        )
    count = len(found.books)
    same = {"vi": f"{count} sổ tay ra đúng như đã lưu", "en": f"notebooks that came out as saved: {count}"}
    _say(found, options, same)
    for path in found.renewed:
        print({"vi": f"đã ghi lại: {path}", "en": f"renewed: {path}"}[options.lang])
    failed = any(line.kind == "failed" for line in found.lines)
    return 0 if found.ok or (options.accept and not failed) else 1


def _diff(options: argparse.Namespace) -> int:
    from danvan_kit.regression.verdict import diff  # noqa: PLC0415

    found = diff(options.old, options.new)
    _say(found, options, {"vi": "người đọc thấy hai sổ tay như nhau", "en": "a reader sees the same in both"})
    return 0 if found.ok else 1


def _say(found: Verdict, options: argparse.Namespace, same: dict[str, str]) -> None:
    """Print what was found, and write the page."""
    from danvan_kit.regression import report  # noqa: PLC0415

    for title, lines in report.summary(found.books, options.lang):
        print(f"{title}:")
        for line in lines:
            print(f"  {line}")
    if found.ok and not found.renewed:
        print(same[options.lang])
    if options.report:
        report.write(found.books, options.report, options.lang)
        print(options.report)


def _simulate(options: argparse.Namespace) -> int:
    from danvan_kit import simulate, tables  # noqa: PLC0415

    if options.country:
        made_up, records = simulate.country(options.seed, records=options.records)
        tables.write(made_up, options.to / "areas.csv")
        tables.write(records, options.to / "records.csv.gz")
        print(f"{options.to}: {len(made_up)} đơn vị, {len(records)} dòng (mô phỏng / simulated)")
        return 0
    from danvan_kit.review import facts  # noqa: PLC0415

    areas, indicators, frames = facts(options.data)
    made = simulate.simulate(
        areas, indicators, frames["statements"], frames["population"], seed=options.seed, faults=not options.clean
    )
    simulate.write(made, options.to)
    print(
        f"{options.to}: {len(made.records)} dòng nhật ký, {len(made.observations)} số liệu báo cáo, "
        f"{len(made.planted)} lỗi cài vào (mô phỏng / simulated)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
