"""A small book with the opinions of ten bodies on its first draft, which was changed since."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import git

from tests.sites import COMMITTED, write_site_book

if TYPE_CHECKING:
    from pathlib import Path

BODIES = (
    ("bo-ke-hoach", "Bộ Kế hoạch và Đầu tư"),
    ("bo-tai-chinh", "Bộ Tài chính"),
    ("bo-giao-thong", "Bộ Giao thông vận tải"),
    ("bo-nong-nghiep", "Bộ Nông nghiệp và Phát triển nông thôn"),
    ("uy-ban-dan-toc", "Ủy ban Dân tộc"),
    ("tinh-uy-lang-son", "Tỉnh ủy Lạng Sơn"),
    ("tinh-uy-cao-bang", "Tỉnh ủy Cao Bằng"),
    ("tinh-uy-hoa-binh", "Tỉnh ủy Hòa Bình"),
    ("tinh-uy-lao-cai", "Tỉnh ủy Lào Cai"),
    ("hoc-vien", "Học viện Chính trị quốc gia Hồ Chí Minh"),
)
GONE = "Đoạn này nói về chợ phiên và sẽ được bỏ khỏi dự thảo sau khi lấy ý kiến của các tỉnh."
SUBJECTS = ("cửa khẩu", "đường cao tốc", "rừng phòng hộ", "giáo dục nghề nghiệp", "giảm nghèo", "dược liệu")
HOSTILE = '<script>alert(1)</script> **đậm** _nghiêng_ [nối](x.md) {{ 7 * 7 }} `mã` & "nháy" # 1\n\n    thụt'
FORMULA = '=HYPERLINK("http://x";"bấm")'


def chapter(name: str, title: str, paragraphs: list[str]) -> str:
    """The text of a chapter with one heading."""
    text = "\n\n".join(paragraphs)
    return f"---\ntitle: {title}\nowner: to-bien-tap\nstatus: draft\n---\n\n## {title} {{#{name}}}\n\n{text}\n"


def paragraph(name: str, number: int) -> str:
    """A paragraph that is like no other."""
    words = " ".join(f"{name}{number}x{place}" for place in range(12))
    return f"Đoạn thứ {number} về {SUBJECTS[number % 6]} của {words}."


FIRST = {
    "chapters/dan-so.md": chapter("quy-mo", "Dân số", [paragraph("ds", one) for one in range(1, 7)]),
    "chapters/bien-gioi.md": chapter(
        "cua-khau", "Biên giới", [*(paragraph("bg", one) for one in range(1, 5)), GONE, paragraph("bg", 5)]
    ),
    "chapters/hoa-binh.md": chapter("hoa-binh", "Thủy điện", [paragraph("td", one) for one in range(1, 5)]),
    "provinces/lang-son.md": chapter("dan-so", "Lạng Sơn", [paragraph("ls", one) for one in range(1, 4)]),
    "data/agencies.yml": "to-bien-tap: {name: Tổ Biên tập, kind: team}\n"
    + "".join(f"{one}: {{name: {name}, kind: ministry}}\n" for one, name in BODIES),
    "data/proposals.yml": None,
    "data/meetings.yml": """\
        - id: hop-1
          title: Họp lần thứ nhất
          date: 2021-06-09
          revision: hop-1
          draft: 1
          asked: [bo-ke-hoach, bo-tai-chinh, bo-giao-thong, bo-nong-nghiep, uy-ban-dan-toc, tinh-uy-lang-son,
            tinh-uy-cao-bang, tinh-uy-hoa-binh, tinh-uy-lao-cai, hoc-vien, to-bien-tap]
        """,
}
# Today a paragraph stands in front, and the fifth paragraph about the border is gone.
TODAY = {
    "chapters/dan-so.md": chapter(
        "quy-mo", "Dân số", ["Một đoạn mới hẳn đứng trước.", *(paragraph("ds", one) for one in range(1, 7))]
    ),
    "chapters/bien-gioi.md": chapter("cua-khau", "Biên giới", [paragraph("bg", one) for one in range(1, 6)]),
}
PLACES = (
    "chapters/dan-so.md", "chapters/dan-so.md#quy-mo", "chapters/dan-so.md#1", "chapters/dan-so.md#2",
    "chapters/dan-so.md#2", "chapters/bien-gioi.md#5", "chapters/bien-gioi.md#1", "chapters/bien-gioi.md#6",
    "chapters/hoa-binh.md#3", "provinces/lang-son.md#2",
)  # fmt: skip
STATES = ("agreed", "accepted", "accepted-in-part", "explained", "new", "reserved", "escalated")


def said(number: int) -> str:
    """What the opinion of this number says; those of the last three are equal."""
    if number == 7:
        return f"Ý kiến {number}: {HOSTILE}"
    if number == 8:
        return FORMULA
    if number >= 57:
        return "Đề nghị làm rõ nguồn vốn và lộ trình thực hiện của cả giai đoạn, nhất là phần đối ứng của địa phương."
    tail = " Đề nghị rà soát lại số liệu và nêu rõ nguyên nhân, trách nhiệm của từng cấp." * (number % 5)
    return f"Ý kiến {number}: bổ sung nội dung về {SUBJECTS[number % 6]} và tuần tra bảo vệ biên giới ở Hòa Bình.{tail}"


def opinion(number: int) -> dict[str, str]:
    """The record of an opinion, numbered from 0."""
    state = "explained" if number >= 57 else STATES[number % 7]
    one = {
        "id": f"yk-{number}",
        "from": BODIES[number % 10][0],
        "about": "chapters/hoa-binh.md#1" if number >= 57 else PLACES[number * 7 % 10],
        "text": said(number),
        "disposition": state,
    }
    if state in ("accepted-in-part", "explained"):
        one["response"] = f"Đã cân nhắc ý kiến {min(57, number)}; nội dung còn lại nêu ở chương khác."
    if state in ("accepted", "accepted-in-part"):
        one["commit"] = "3f2a91c"
    return one


def write_opinions_book(root: Path, count: int = 60, extra: str = "") -> Path:
    """The book, committed twice: as the meeting had it, and with its opinions as it is today; returns its folder."""
    write_site_book(root, FIRST)
    with git.Repo(root) as repository:
        repository.create_tag("hop-1")
        for path, text in TODAY.items():
            (root / path).write_text(text, encoding="utf-8")
        (root / "data/comments").mkdir()
        records = [json.dumps(opinion(one), ensure_ascii=False) for one in range(count)]
        (root / "data/comments/hop-1.yml").write_text(
            "".join(f"- {one}\n" for one in records) + extra, encoding="utf-8"
        )
        repository.git.add("-A")
        author = git.Actor("Nguyễn Thị Hoa", "hoa@example.vn")
        repository.index.commit(
            "Sau họp", author=author, committer=author, author_date=COMMITTED, commit_date=COMMITTED
        )
    return root
