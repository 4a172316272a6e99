"""Build review sites of small books: the look of the repository around chapters and data of the test's own."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import git

from galley import mkdocs_plugin, pipeline
from galley.diagnostics import has_errors
from tests.factories import write_book

if TYPE_CHECKING:
    from collections.abc import Mapping

    from galley.render.pages import Site

ROOT = Path(__file__).parent.parent
COMMITTED = "2021-06-09T08:00:00+0000"
BOOK: Mapping[str, str | None] = {
    "chapters/bien-gioi.md": """\
        ---
        title: Biên giới
        owner: to-bien-tap
        contributors: [tinh-uy-lang-son]
        status: in-review
        due: 2021-08-15
        ---

        ## Cửa khẩu {#cua-khau}

        Thương mại biên giới của Ủy ban, số 37-NQ/TW, tăng {{ fact(7.24, "%", source="nien-giam") }}.
        Dân số vùng {{ change("dan-so", 2019, 2020) }}, {{ growth("dan-so", 2019, 2020) }}.
        Số này chiếm {{ share("dan-so", 2020) }} cả nước; đông nhất là {{ highest("dan-so", 2020) }}.
        Lạng Sơn đứng {{ rank("dan-so", "lang-son", 2020) }}.
        Lạng Sơn {{ ratio("dan-so", "lang-son", 2020, to="cao-bang") }} Cao Bằng.
        Có {{ fact(1234.5, "km", source="nien-giam", at="tr. 7") }} đường{{ cite("nghi-quyet") }}.

        {{ chart("dan-so", areas=["lang-son", "region"], id="hinh-dan-so") }}

        {{ tilemap("dan-so", 2020) }}

        {{ proposals() }}
        """,
    "chapters/hoa-binh.md": """\
        ---
        title: Thủy điện
        owner: to-bien-tap
        status: agreed
        ---

        ## Hòa Bình và Bắc Kạn {#hoa-binh}

        Nhà máy ở Hòa Bình, hồ ở Bắc Kạn.
        Làng nghề ở gần sông.
        Cả nước {{ claim("*đông* hơn vùng", "dan-so", "nation", 2020, above_area="region") }}.

        {{ targets(document="nghi-quyet") }}
        """,
    "data/report.yml": """\
        title: Báo cáo thử
        subject: về một vùng nhỏ
        issuer: {superior: Cấp trên, body: Cơ quan thử, code: BC/CQT}
        place: Hà Nội
        layout: dang-2018
        region: vung-bac
        audiences: [cong-khai, hoi-nghi, noi-bo]
        parts:
          - {title: Tình hình, chapters: [chapters/dan-so.md, chapters/bien-gioi.md, chapters/hoa-binh.md]}
          - {title: Hồ sơ các tỉnh, chapters: [provinces/lang-son.md]}
        repository: https://git.example.vn/to-bien-tap/nq37
        forge: gitlab
        colophon: Bản thử của bộ công cụ.
        """,
    "data/targets.yml": """\
        - id: dan-so-2020
          document: nghi-quyet
          text: Dân số
          indicator: dan-so
          area: ca-nuoc
          period: 2020
          at_least: 90000
        - id: chua-ro
          document: nghi-quyet
          text: Chưa có số liệu
          area: vung-bac
          period: 2020
          unit: phan-tram
          at_least: 5
        """,
    "data/proposals.yml": """\
        - {id: mot, text: Xây cầu., from: to-bien-tap, to: tinh-uy-lang-son, kind: investment}
        """,
    "data/meetings.yml": """\
        - {id: hop-1, title: Họp lần thứ nhất, date: 2021-06-09, agenda: [Đề cương], decisions: [Thông qua]}
        """,
    "data/milestones.yml": """\
        - {id: du-thao-1, title: Dự thảo lần 1, due: 2021-08-15, owner: to-bien-tap, done: null}
        """,
}


def write_site_book(root: Path, files: Mapping[str, str | None] | None = None) -> Path:
    """A book with the repository's templates and mkdocs.yml, committed; returns its folder."""
    write_book(root, {**BOOK, **(files or {})})
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copy(ROOT / "mkdocs.yml", root / "mkdocs.yml")
    (root / ".gitignore").write_text("/.cache/\n/build/\n")
    repository = git.Repo.init(root)
    repository.git.add("-A")
    author = git.Actor("Nguyễn Thị Hoa", "hoa@example.vn")
    repository.index.commit("Lần đầu", author=author, committer=author, author_date=COMMITTED, commit_date=COMMITTED)
    repository.close()
    return root


@dataclass(frozen=True, slots=True)
class Built:
    """A site on the disk, with what it was rendered from."""

    sources: pipeline.Sources
    site: Site
    folder: Path

    def page(self, path: str) -> str:
        """The HTML of a page."""
        return (self.folder / path).read_text(encoding="utf-8")


def build(root: Path, folder: Path, audience: str | None = None) -> Built:
    """The site of a book that has no errors, built as the command line builds it."""
    sources = pipeline.read(root)
    assert not has_errors(sources.diagnostics), sources.diagnostics
    site = pipeline.render_site(pipeline.prepare(sources, audience))
    mkdocs_plugin.build_site(root, site, folder)
    return Built(sources, site, folder)


class Article(HTMLParser):
    """Collects the text, links, ids and figures of a page's own part."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.figures: list[tuple[dict[str, str], str]] = []
        self._depth = 0
        self._figure: dict[str, str] | None = None
        self.feed(page)

    @property
    def text(self) -> str:
        """The words of the article, spaces evened out."""
        return " ".join("".join(self.texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where the article begins, and what is in it."""
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.add(given["id"])
        if tag == "article":
            self._depth += 1
        if self._depth and tag == "a" and "href" in given and "md-content__button" not in given.get("class", ""):
            self.links.append(given["href"])
        if tag == "data":
            self._figure = given
            self.figures.append((given, ""))

    def handle_endtag(self, tag: str) -> None:
        """Note where the article and a figure end."""
        if tag == "article":
            self._depth -= 1
        if tag == "data":
            self._figure = None

    def handle_data(self, data: str) -> None:
        """Keep the article's text."""
        if self._depth:
            self.texts.append(data)
        if self._figure is not None:
            given, text = self.figures[-1]
            self.figures[-1] = (given, text + data)
