"""From the blocks of a chapter to finished Markdown, and from Markdown to HTML. The only module that imports Markdown.

Both media use the extensions that mkdocs.yml names, so site and print cannot drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import NBSP_PLACEHOLDER
from markdown.treeprocessors import Treeprocessor

from galley.bind import Index, Value, evaluate, place_of
from galley.bind.figures import Figure, TargetResult
from galley.bind.index import Label
from galley.bind.objects import Chart, Listing, SourceNote, Table, TileMap, table_of
from galley.bind.paragraphs import paragraph_id, paragraphs
from galley.expressions import Problem
from galley.model import Proposal
from galley.render.page import Drawing
from galley.render.provenance import Ledger, card
from galley.vietnamese import slugify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.model import Block, Chapter
    from galley.render.layout import Layout

MACROS = "macros/prose.html"
SITE, PRINT = "site", "print"
Draw = Callable[[Chart | TileMap], Drawing]
_MARKS = re.compile(r"[\\`*_\[\]]")
# What stands before the first words of a block: the marks of lists, quotations, definitions, notes and tables, or the
# tags of its HTML.
_BEGIN = re.compile(
    r"\s*(?:!!![^\n]*\n\s+)?(?:(?:[-*+]|\d+[.)]|:)\s+|>\s*)*"
    r"(?:\|\s*|<(?:div|section|p)\b[^>]*>|<figure\b[^>]*>\s*(?:<figcaption>)?"
    r"|(?:<(?:ol|ul|li|table|thead|tbody|tr|th|td)\b[^>]*>\s*)+)?"
)


@dataclass(frozen=True, slots=True)
class Markup:
    """What turns chapters into text for one medium."""

    lookup: Index
    layout: Layout
    medium: str
    draw: Draw
    ledger: Ledger
    numbered: bool = True  # paragraphs carry their numbers


def chapter_markdown(chapter: Chapter, markup: Markup, beside: Mapping[str, str] | None = None) -> str:
    """The finished Markdown of a chapter's body: expressions worded, heading ids written out, footnotes at the end.

    `beside` is HTML that stands under a block, by the block's name, or with an empty one above all of them.
    """
    notes: dict[str, str] = {}
    blocks = [beside[""]] if beside and "" in beside else []
    for block, number in paragraphs(chapter):
        blocks.append(_block(block, number, chapter, markup, notes))
        name = paragraph_id(number) if number else block.anchor
        if beside and name in beside:
            blocks.append(beside[name])
    definitions = [f"[^{name}]: {text}" for name, text in notes.items()]
    return "\n\n".join((*blocks, *definitions)) + "\n"


def _block(block: Block, number: int, chapter: Chapter, markup: Markup, notes: dict[str, str]) -> str:
    if block.kind == "heading":
        return f"{'#' * block.level} {block.title} {{#{block.anchor}}}"
    if block.kind == "code":
        return block.text
    place = place_of(chapter, markup.lookup)
    pieces, position = [], 0
    for citation in block.citations:
        pieces.append(block.text[position : citation.start])
        pieces.append(word(evaluate(citation, place), chapter.path, markup, notes))
        position = citation.end
    pieces.append(block.text[position:])
    text = "".join(pieces)
    return _with_number(text, number, chapter, markup) if number and markup.numbered else text


def _with_number(text: str, number: int, chapter: Chapter, markup: Markup) -> str:
    """The text of a block with the mark of its number in front of its first words."""
    own = paragraph_id(number)
    name = print_id(chapter.path, own) if markup.medium == PRINT else own
    shown = f"{markup.lookup.chapters[chapter.path]}.{number}"
    mark = markup.layout.macro(MACROS, "paragraph", shown, id=name, medium=markup.medium)
    return _BEGIN.sub(lambda begin: f"{begin[0]}{mark}", text, count=1)


def word(  # noqa: C901, PLR0911 - one branch and one return for each kind of value
    value: Value | Problem, page: PurePosixPath, markup: Markup, notes: dict[str, str]
) -> str:
    """The text of what an expression gave, by the macro of its kind; a source's footnote goes into `notes`."""

    def macro(name: str, *arguments: Any, **values: Any) -> str:  # noqa: ANN401 - whatever the macro takes
        return markup.layout.macro(
            MACROS, name, *arguments, medium=markup.medium, root=root_of(page), lookup=markup.lookup, **values
        )

    match value:
        case Figure():
            return shielded(macro("figure", value, card=card(value, markup.lookup, markup.ledger)))
        case TargetResult():
            about = card(value.result, markup.lookup, markup.ledger) if value.result else None
            return shielded(macro("target", value, card=about))
        case Table():
            return macro("table", value)
        case Chart() | TileMap():
            kind = "chart" if isinstance(value, Chart) else "tilemap"
            return macro(kind, value, drawing=markup.draw(value), data=table_of(value))
        case Label():
            link = relative_link(page, value.chapter, value.id, markup.medium)
            return macro("reference", value, href=link, away=value.chapter != page)
        case Listing(kind="targets"):
            return macro("targets", value.items, card=partial(card, lookup=markup.lookup, book=markup.ledger))
        case Listing(kind="proposals"):
            return macro("proposals", value.items, page=page)
        case Listing(kind="references"):
            return macro("references", tuple(_referred(value, page, markup)), page=page)
        case Listing():
            return macro(value.kind, value.items)
        case SourceNote():
            name = slugify(f"nguon {value.source.id} {value.at}")
            notes.setdefault(name, shielded(macro("source_note", value)))
            return f"[^{name}]"
        case Problem():
            return macro("problem", value)


def _referred(listing: Listing, page: PurePosixPath, markup: Markup) -> Iterator[tuple[Proposal, Label | None, str]]:
    """The proposals of a list that refers to them, each with its number and the address of its whole text, if any."""
    for one in listing.items:
        if isinstance(one, Proposal):
            label = markup.lookup.proposals.get(one.id)
            yield one, label, relative_link(page, label.chapter, label.id, markup.medium) if label else ""


def shielded(html: str) -> str:
    """The HTML with the marks of Markdown as entities: names and notes stay what they are, in attributes as well."""
    return _MARKS.sub(lambda mark: f"&#{ord(mark[0])};", html)


def root_of(page: PurePosixPath) -> str:
    """The way from a page to the root of the site: `../` once for each folder."""
    return "../" * (len(page.parts) - 1)


def relative_link(page: PurePosixPath, target: PurePosixPath, anchor: str, medium: str) -> str:
    """The address of a place on another page, as it stands in HTML on the first page."""
    if medium == PRINT:
        return f"#{print_id(target, anchor)}"
    if page == target:
        return f"#{anchor}"
    return f"{root_of(page)}{target.with_suffix('.html')}#{anchor}"


def anchor(label: Label, medium: str) -> str:
    """The id of a table or figure on its page."""
    return print_id(label.chapter, label.id) if medium == PRINT else label.id


def print_id(path: PurePosixPath, anchor: str = "") -> str:
    """The id of a page, or of a place on it, in the printed report, where all pages are one document."""
    page = slugify(str(path.with_suffix("")))
    return f"{page}--{anchor}" if anchor else page


def to_html(text: str, page: PurePosixPath, extensions: tuple[tuple[str, dict[str, Any]], ...]) -> str:
    """The HTML of finished Markdown for print: ids and links made unique in the whole, footnotes at their place."""
    converter = markdown.Markdown(
        extensions=[*(name for name, _ in extensions), _PrintExtension(page)],
        extension_configs={name: options for name, options in extensions if options},
        output_format="xhtml",
    )
    return converter.convert(text)


class _PrintExtension(Extension):
    """Runs after all other tree processors."""

    def __init__(self, page: PurePosixPath) -> None:
        super().__init__()
        self._page = page

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the library's name
        md.treeprocessors.register(_PrintTree(md, self._page), "galley-print", -100)


class _PrintTree(Treeprocessor):
    """Rewrites ids, links and footnotes of a page for the printed report."""

    def __init__(self, md: markdown.Markdown, page: PurePosixPath) -> None:
        super().__init__(md)
        self._page = page

    def run(self, root: Element) -> None:
        """Change the tree in place."""
        _place_footnotes(root)
        _drop_permalinks(root)
        for element in root.iter():
            if anchor := element.get("id"):
                element.set("id", print_id(self._page, anchor))
            if element.tag == "a" and (target := element.get("href")):
                element.set("href", self._link(target))

    def _link(self, target: str) -> str:
        if re.match(r"[a-z]+:", target):
            return target
        path, _, anchor = target.partition("#")
        where = _resolve(self._page, path) if path else self._page
        return f"#{print_id(where, anchor)}"


def _resolve(page: PurePosixPath, link: str) -> PurePosixPath:
    """The path that a relative link means."""
    parts: list[str] = list(page.parent.parts)
    for part in PurePosixPath(link).parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return PurePosixPath(*parts)


def _place_footnotes(root: Element) -> None:
    """Move the text of each footnote to where it is called, as `span.footnote`: print sets it at the page's foot."""
    parents = {child: parent for parent in root.iter() for child in parent}
    section = next((one for one in root.iter("div") if one.get("class") == "footnote"), None)
    if section is None:
        return
    texts = {item.get("id", "").removeprefix("fn:"): item for item in section.iter("li")}
    for call in [one for one in root.iter("sup") if one.get("id", "").startswith("fnref")]:
        name = re.sub(r"^fnref\d*:", "", call.get("id", ""))
        item = texts.get(name)
        if item is None:
            continue
        note = Element("span", {"class": "footnote"})
        for paragraph in item.iter("p"):
            _copy_inline(paragraph, note)
        note.tail = call.tail
        parent = parents[call]
        parent[list(parent).index(call)] = note
    parents[section].remove(section)


def _drop_permalinks(root: Element) -> None:
    """Remove the marks beside headings that a reader of the site copies a link from."""
    for parent in list(root.iter()):
        for child in [one for one in parent if one.get("class") == "headerlink"]:
            parent.remove(child)


def _copy_inline(paragraph: Element, note: Element) -> None:
    """Append a paragraph's text and elements, without the links that lead back to the call."""
    text = paragraph.text or ""
    if len(note):
        note[-1].tail = (note[-1].tail or "") + text
    else:
        note.text = (note.text or "") + text
    for child in paragraph:
        if child.get("class") == "footnote-backref":
            _trim(note)
            continue
        note.append(child)


def _trim(note: Element) -> None:
    """Remove the space that stood before the link back."""
    if len(note):
        note[-1].tail = (note[-1].tail or "").removesuffix(NBSP_PLACEHOLDER)
    else:
        note.text = (note.text or "").removesuffix(NBSP_PLACEHOLDER)
