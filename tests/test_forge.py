"""Addresses at the forge: what GitHub, GitLab and Gitea call things, everything encoded, nothing too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from galley.model import Commit, Settings
from galley.read.parse import parse
from galley.render.forge import LONGEST, commit_url, issue_url
from tests.factories import book

COMMIT = Commit("0123456789", "Ai đó", date(2021, 6, 9))
NAMES = {
    "github": ("/issues/new", "title", "body"),
    "gitlab": ("/-/issues/new", "issue[title]", "issue[description]"),
    "gitea": ("/issues/new", "title", "body"),
}


def settings(forge: str | None = "github", repository: str | None = "https://git.example.vn/a/b/") -> Settings:
    return replace(parse(book())[0].contents.settings, forge=forge, repository=repository)


@pytest.mark.parametrize("forge", NAMES)
def test_an_issue_is_prefilled_as_each_forge_wants_it(forge: str) -> None:
    title, text = 'Góp ý "đoạn 3.7" & 100% #1+2?', "- Bản: dự thảo\n\n> trích = đoạn; /x/\n"
    path, titled, worded = NAMES[forge]
    address = issue_url(settings(forge), title, text)
    parts = urlsplit(address)
    assert (parts.netloc, parts.path, parts.fragment) == ("git.example.vn", f"/a/b{path}", "")
    assert parse_qsl(parts.query, strict_parsing=True) == [(titled, title), (worded, text)]
    assert address.isascii()
    assert " " not in address


@pytest.mark.parametrize("path", ["/commit/", "/-/commit/"])
def test_a_change_is_shown_where_each_forge_has_it(path: str) -> None:
    forges = ("gitlab",) if path.startswith("/-") else ("github", "gitea")
    for forge in forges:
        assert commit_url(settings(forge), COMMIT) == f"https://git.example.vn/a/b{path}0123456789"


@pytest.mark.parametrize(
    ("forge", "repository"), [(None, "https://git.example.vn/a/b"), ("gitlab", None), (None, None)]
)
def test_without_a_repository_or_forge_there_is_no_address(forge: str | None, repository: str | None) -> None:
    assert issue_url(settings(forge, repository), "a", "b") == ""
    assert commit_url(settings(forge, repository), COMMIT) == ""


@pytest.mark.parametrize(("title", "text"), [("Góp ý", "ơ" * 5000), ("ơ" * 5000, "x"), ("ơ" * 5000, "ơ" * 5000)])
def test_an_address_is_never_too_long_and_keeps_whole_letters(title: str, text: str) -> None:
    address = issue_url(settings("gitlab"), title, text)
    assert LONGEST - 6 <= len(address) <= LONGEST
    found = dict(parse_qsl(urlsplit(address).query, keep_blank_values=True, errors="strict"))
    assert title.startswith(found["issue[title]"])
    assert text.startswith(found["issue[description]"])


def test_the_text_is_cut_before_the_title() -> None:
    found = dict(parse_qsl(urlsplit(issue_url(settings(), "Góp ý", "ơ" * 5000)).query))
    assert found["title"] == "Góp ý"
