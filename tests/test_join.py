"""Typesetting in parts: the same report whatever is set when and where, all numbers right, damage never in a PDF."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
import weasyprint

from galley.cache import Cache
from galley.errors import GalleyError, UsageError
from galley.render.document import Document, whole
from galley.typeset import typeset
from galley.typeset.engine import VARIANT, _OwnFiles
from galley.typeset.workers import Here, workers
from tests.printing import PROSE, ROOT, printed, typeset_here, with_more

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

DAY = date(2021, 8, 15)
_LONGER = "\n\n".join(["Một đoạn nữa, đủ dài để sang trang sau khi được lặp lại nhiều lần trong cùng một chương."] * 60)
_CONCURRENT = """
import hashlib, pathlib, sys
from datetime import date
from galley.cache import Cache
from galley.typeset import typeset
from galley.typeset.workers import workers
from tests.printing import printed
if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    document = printed(folder, day=date(2021, 8, 15))
    pdf = typeset(document, Cache(folder), workers(2))
    print(hashlib.sha256(pdf).hexdigest())
"""


class _Counted(Here):
    """Runs everything at once and counts what it is asked to set."""

    def __init__(self) -> None:
        self.tasks: list[str] = []

    def submit(self, task: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:  # noqa: ANN401
        self.tasks.append(task.__name__)
        return super().submit(task, *arguments, **named)


def _counting(document: Document, cache: Path) -> tuple[bytes, list[str]]:
    counted = _Counted()
    return typeset(document, Cache(cache), nullcontext(counted)), counted.tasks


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the small book in it."""
    folder = tmp_path_factory.mktemp("cache")
    typeset_here(printed(folder, day=DAY), folder)
    return folder


@pytest.fixture(scope="module")
def book(cache: Path) -> tuple[Document, bytes]:
    """The small book and its PDF."""
    document = printed(cache, day=DAY)
    return document, typeset_here(document, cache)


def _framed(document: Document, **changes: Any) -> Document:  # noqa: ANN401 - as `replace`
    return replace(document, frame=replace(document.frame, **changes))


def _texts(pdf: bytes, folder: Path) -> list[str]:
    path = folder / "read.pdf"
    path.write_bytes(pdf)
    command = ("pdftotext", "-layout", str(path), "-")
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [re.sub(r"\s+", " ", page).strip() for page in text.split("\f")][:-1]


def _at_once(document: Document) -> bytes:
    """What plain WeasyPrint makes of the whole report."""
    assets = (*document.frame.fonts, *(picture for one in document.fascicles for picture in one.pictures))
    files = {str(one.path): one.content for one in assets}
    html = weasyprint.HTML(string=whole(document), base_url="report:/", url_fetcher=_OwnFiles(files))
    return bytes(html.write_pdf(pdf_variant=VARIANT))


def test_the_joined_report_reads_page_by_page_as_the_one_that_is_set_at_once(
    book: tuple[Document, bytes], tmp_path: Path
) -> None:
    document, pdf = book
    pages = _texts(pdf, tmp_path)
    assert len(pages) > 12
    assert pages == _texts(_at_once(document), tmp_path)


def test_the_joined_report_is_tagged_as_the_one_that_is_set_at_once(book: tuple[Document, bytes]) -> None:
    document, pdf = book
    ours, theirs = _kinds(pdf), _kinds(_at_once(document))
    assert ours.pop("/Part") == len(document.fascicles)
    numbers = sum(one.html.count('class="folio"') for one in document.fascicles)
    assert ours.pop("/Link") + numbers == theirs.pop("/Link")  # there the number is an element within its link
    del ours["/NonStruct"], theirs["/NonStruct"]
    assert ours == theirs


def _kinds(pdf: bytes) -> dict[str, int]:
    kinds: dict[str, int] = {}
    with pikepdf.open(BytesIO(pdf)) as opened:
        waiting = [opened.Root.StructTreeRoot.K[0]]
        while waiting:
            element = waiting.pop()
            if not isinstance(element, pikepdf.Dictionary) or "/S" not in element:
                continue
            kinds[str(element.S)] = kinds.get(str(element.S), 0) + 1
            waiting += list(element.get("/K", []))
    return kinds


def test_all_that_is_drawn_is_in_the_tree_of_tags_or_an_artifact(book: tuple[Document, bytes]) -> None:
    with pikepdf.open(BytesIO(book[1])) as opened:
        below: dict[int, list[tuple[Any, int]]] = {}
        waiting: list[Any] = [opened.Root.StructTreeRoot.K[0]]
        while waiting:
            element = waiting.pop()
            for kid in element.get("/K", []):
                if isinstance(kid, int):
                    below.setdefault(element.Pg.objgen[0], []).append((element, kid))
                elif kid.get("/Type") == "/StructElem":
                    waiting.append(kid)
        parents = pikepdf.NumberTree(opened.Root.StructTreeRoot.ParentTree)
        for page in opened.pages:
            read: list[Any] = list(pikepdf.parse_content_stream(page))
            drawn = [int(one[1].MCID) for one, operator in read if str(operator) == "BDC" and "/MCID" in one[1]]
            owned = below.get(page.obj.objgen[0], [])
            assert sorted(drawn) == sorted(number for _, number in owned)
            of_page: Any = parents[int(page.StructParents)]
            assert all(of_page[number].objgen == element.objgen for element, number in owned)


def test_every_header_cell_says_what_it_heads_and_no_id_is_left(book: tuple[Document, bytes]) -> None:
    with pikepdf.open(BytesIO(book[1])) as opened:
        elements = [one for one in opened.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
        heads = [str(one.A.Scope) for one in elements if one.S == "/TH"]
        assert set(heads) == {"/Row", "/Column"}
        assert not [one for one in elements if "/ID" in one or "/Headers" in one.get("/A", {})]


def test_nothing_is_set_again_when_nothing_changed(book: tuple[Document, bytes], cache: Path) -> None:
    assert _counting(book[0], cache) == (book[1], [])


def test_a_chapter_that_grows_by_a_page_is_the_only_one_set_again_and_all_numbers_follow(
    cache: Path, tmp_path: Path
) -> None:
    longer = {"chapters/dan-so.md": f"{PROSE}\n{_LONGER}\n"}
    document = printed(cache, longer, day=DAY)
    pdf, tasks = _counting(document, cache)
    assert tasks.count("set_fascicle") == 1
    assert pdf == typeset_here(document, tmp_path)
    pages = _texts(pdf, tmp_path)
    assert len(pages) > len(_texts(typeset_here(printed(cache, day=DAY), cache), tmp_path))
    number = next(index for index, page in enumerate(pages, start=1) if "2. Lạng Sơn Chủ trì" in page)
    assert re.search(rf"2\. Lạng Sơn {number}\b", pages[1])
    assert all(page.startswith(f"{index} ") for index, page in enumerate(pages[1:], start=2))


def test_a_new_commit_sets_only_the_page_that_names_it(cache: Path) -> None:
    _, tasks = _counting(printed(cache, day=date(2021, 9, 1)), cache)
    assert tasks == ["set_fascicle"]


@pytest.mark.parametrize("jobs", [1, 3])
def test_processes_give_the_same_bytes(book: tuple[Document, bytes], tmp_path: Path, jobs: int) -> None:
    assert typeset(book[0], Cache(tmp_path), workers(jobs)) == book[1]


def test_a_cluster_gives_the_same_bytes(book: tuple[Document, bytes], tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        address = cluster.scheduler_address.replace("tcp://", "dask://")
        assert typeset(book[0], Cache(tmp_path), workers(0, address)) == book[1]


def test_what_a_process_could_not_set_is_told_as_if_it_were_here(book: tuple[Document, bytes], tmp_path: Path) -> None:
    with pytest.raises(GalleyError) as caught:
        typeset(with_more(book[0], "<p style='colour: red'>x</p>"), Cache(tmp_path), workers(1))
    assert caught.value.rule == "typeset-failed"
    assert "colour" in caught.value.arguments["problem"]


def test_a_process_that_is_lost_is_told() -> None:
    with pytest.raises(GalleyError) as caught, workers(1) as executor:
        executor.submit(os._exit, 1).result()
    assert caught.value.rule == "workers-lost"


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(UsageError) as caught, workers(1, "tcp://may:8786"):
        pass
    assert caught.value.rule == "no-executor"


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda _: b"",
        lambda content: content[:40] + bytes([content[40] ^ 1]) + content[41:] if len(content) > 41 else b"x",
        lambda content: bytes(32) + content[32:],
    ],
    ids=["cut short", "emptied", "a bit turned", "of another hash"],
)
def test_a_damaged_entry_is_made_again(
    book: tuple[Document, bytes], tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    document, pdf = book
    typeset_here(document, tmp_path)
    entries = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert len(entries) > 3 * len(document.fascicles)
    for entry in entries:
        entry.write_bytes(damage(entry.read_bytes()))
    assert typeset_here(document, tmp_path) == pdf


def test_an_entry_lost_between_planning_and_linking_is_made_again(book: tuple[Document, bytes], tmp_path: Path) -> None:
    document, pdf = book
    typeset_here(document, tmp_path)
    for name in ("*-objects", "*"):
        for entry in tmp_path.glob(f"??/{name}"):
            if not entry.name.endswith("-contents"):
                entry.unlink()
        assert typeset_here(document, tmp_path) == pdf


def test_a_cache_that_cannot_be_written_costs_time_alone(book: tuple[Document, bytes], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert typeset_here(book[0], tmp_path / "file") == book[1]


def test_builds_at_once_on_one_cache_all_succeed(tmp_path: Path) -> None:
    script = tmp_path / "build.py"
    script.write_text(_CONCURRENT)
    command = (sys.executable, str(script), str(tmp_path / "cache"))
    builds = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})
        for _ in range(3)
    ]
    printed_digests = {build.communicate()[0].strip() for build in builds}
    assert [build.returncode for build in builds] == [0, 0, 0]
    assert len(printed_digests) == 1


def test_an_excerpt_has_no_links_out_of_it_and_takes_its_chapter_from_the_cache(
    book: tuple[Document, bytes], cache: Path
) -> None:
    document = book[0]
    some = tuple(one for one in document.fascicles if one.name in ("trang-dau", "chapters-dan-so"))
    pdf, tasks = _counting(replace(document, fascicles=some, frame=replace(document.frame, excerpt=True)), cache)
    assert "set_fascicle" not in tasks
    with pikepdf.open(BytesIO(pdf)) as opened:
        names = {str(name) for name, _ in pikepdf.NameTree(opened.Root.Names.Dests).items()}
        links = [link for page in opened.pages for link in page.get("/Annots", []) if "/Dest" in link]
        assert links
        assert {str(link.Dest) for link in links} <= names
        assert "provinces-lang-son" not in names


def test_a_whole_report_with_a_link_to_nowhere_is_refused(book: tuple[Document, bytes], tmp_path: Path) -> None:
    with pytest.raises(GalleyError) as caught:
        typeset_here(with_more(book[0], '<p><a href="#khong-co">x</a></p>'), tmp_path)
    assert "khong-co" in caught.value.arguments["problem"]


def test_appendices_that_count_their_own_pages_are_named_by_their_prefix(cache: Path, tmp_path: Path) -> None:
    document = printed(cache, day=DAY)
    own = tuple(
        replace(one, restart=f"PL{one.name[8]}-") if one.name.startswith("phu-luc-") else one
        for one in document.fascicles
    )
    pdf = typeset_here(replace(document, fascicles=own), cache)
    pages = _texts(pdf, tmp_path)
    assert "Phụ lục 2. Số liệu của vùng và các tỉnh PL2-1" in pages[1]
    with pikepdf.open(BytesIO(pdf)) as opened:
        labels = [str(page.label) for page in opened.pages]
    assert labels[:3] == ["1", "2", "3"]
    assert pages[labels.index("PL2-1")].startswith("1 Phụ lục 2")
    assert {"PL1-1", "PL2-1"} <= set(labels)


def test_lines_are_numbered_beside_the_text_anew_on_each_page(cache: Path, tmp_path: Path) -> None:
    pdf = typeset_here(_framed(printed(cache, day=DAY), lines=True), cache)
    page = next(text for text in _texts(pdf, tmp_path) if "1.2. Chữ cái" in text and "37-NQ/TW" in text)
    assert re.search(r"1\.2\. Chữ cái 1\b", page)
    assert len(re.findall(r"\b20\b", page)) == 1
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert (
            "No syntax"
            in subprocess.run(
                ("qpdf", "--check", str(tmp_path / "read.pdf")), check=True, capture_output=True, text=True
            ).stdout
        )
        assert opened.Root.MarkInfo.Marked


def test_on_the_back_of_a_sheet_the_margins_change_sides(cache: Path) -> None:
    document = printed(cache, day=DAY)
    plain, duplex = typeset_here(document, cache), typeset_here(_framed(document, verso=(15, 15)), cache)
    with pikepdf.open(BytesIO(plain)) as one, pikepdf.open(BytesIO(duplex)) as two:
        for number, (before, after) in enumerate(zip(one.pages, two.pages, strict=True), start=1):
            moved = [float(b) - float(a) for a, b in zip(before.mediabox, after.mediabox, strict=True)]
            lies = before.mediabox[2] > before.mediabox[3]
            by = 15 * 72 / 25.4 if number % 2 == 0 else 0
            assert moved == pytest.approx([0, -by, 0, -by] if lies else [by, 0, by, 0], abs=0.02)


def test_a_reference_into_another_chapter_bears_the_number_of_its_page_and_room_for_no_more(
    cache: Path, tmp_path: Path
) -> None:
    lead = '## Dân số {#dan-so}\n\nXem {{ ref("bang-hep") }}, {{ ref("hinh-duong") }}.\n'
    head = "---\ntitle: Lạng Sơn\nowner: tinh-uy-lang-son\nstatus: draft\narea: lang-son\n---\n\n"
    numbers = []
    for before in (0, 1):  # then the same, with the table on a page of two digits
        files = {
            "chapters/dan-so.md": PROSE.replace("\n\n{{ table", f"\n\n{_LONGER * 3 * before}\n\n{{{{ table", 1),
            "provinces/lang-son.md": head + lead,
        }
        document = printed(cache, files, day=DAY)
        pdf = typeset_here(document, tmp_path)
        assert pdf == typeset_here(document, cache)
        pages = _texts(pdf, tmp_path)
        found = re.search(r"Xem Bảng 1\.1 \(tr\. (\d+)\), Hình 1\.1 \(tr\. (\d+)\)\.", " ".join(pages))
        assert found is not None
        numbers.append(found[1])
        assert "Bảng 1.1. " in pages[int(found[1]) - 1]
        assert "Hình 1.1. " in pages[int(found[2]) - 1]
    assert [len(one) for one in numbers] == [1, 2]
