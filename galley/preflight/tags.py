"""Rules of the tags, by which a program reads the report aloud (PDF/UA-1, ISO 14289-1; ISO 32000-1, 14.7 and 14.8)."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby
from typing import TYPE_CHECKING

from galley.preflight.measures import head
from galley.preflight.structure import standard
from galley.preflight.subject import doubt, fault, ranges

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from galley.diagnostics import Diagnostic
    from galley.preflight.content import Run
    from galley.preflight.places import Link
    from galley.preflight.structure import Element, Place, Structure
    from galley.preflight.subject import Subject

# ISO 32000-1, 14.8.4: the kinds that every reader knows.
_STANDARD = {
    *(
        "Document",
        "Part",
        "Art",
        "Sect",
        "Div",
        "BlockQuote",
        "Caption",
        "TOC",
        "TOCI",
        "Index",
        "NonStruct",
        "Private",
    ),
    *("P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody"),
    *("Table", "TR", "TH", "TD", "THead", "TBody", "TFoot"),
    *("Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot"),
    *("Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP"),
    *("Figure", "Formula", "Form"),
}
_LEVELS = {f"H{level}": level for level in range(1, 7)}


def tagged(subject: Subject) -> Iterator[Diagnostic]:
    """A file without tags, or one that does not say that it has them."""
    if subject.proof.structure is None or not subject.proof.structure.roots:
        yield fault(subject.at(), "pdf-no-tags")
    elif not subject.proof.identity.marked:
        yield fault(subject.at(), "pdf-not-marked")


def roles(subject: Subject) -> Iterator[Diagnostic]:
    """Kinds of tags that no reader knows and that are mapped to none it knows."""
    structure = subject.proof.structure
    if structure is None:
        return
    lost = [name for name in structure.roles if standard(name, structure.roles) not in _STANDARD]
    used = (element.kind for element in structure.walk() if element.kind and element.kind not in _STANDARD)
    for name in sorted({*lost, *used}):
        yield fault(subject.at(), "pdf-unknown-tag", kind=name)
    for name in sorted(_STANDARD.intersection(structure.roles)):
        if structure.roles[name] != name:
            yield fault(subject.at(), "pdf-tag-remapped", kind=name, other=structure.roles[name])


def content(subject: Subject) -> Iterator[Diagnostic]:
    """Content in no tag, numbers of content that the tree does not know, and those that the page does not have."""
    structure = subject.proof.structure
    if structure is None:
        return
    in_tree = Counter(mark for element in structure.walk() for mark in element.marks)
    drawn = {(page.number, mark) for page in subject.proof.pages for mark in page.drawn.marks}
    for page in subject.proof.pages:
        if page.drawn.untagged:
            yield fault(subject.at(page.number), "pdf-content-untagged", count=page.drawn.untagged)
    for number, mark in sorted(drawn - in_tree.keys()):
        runs = subject.proof.marked.get((number, mark), ())
        if not (runs and all(_is_head(one, subject) for one in runs)):  # told once, by `running_heads`
            text = " ".join(one.text.strip() for one in runs)
            yield fault(subject.at(number), "pdf-content-not-in-tree", number=mark, text=text)
    for (number, mark), count in sorted(in_tree.items()):
        if (number, mark) not in drawn:
            yield fault(subject.at(number), "pdf-tag-without-content", number=mark)
        elif count > 1:
            yield fault(subject.at(number), "pdf-content-twice", number=mark)


def parent_tree(subject: Subject) -> Iterator[Diagnostic]:
    """Contents and links from which the parent tree does not lead to the tag that holds them."""
    structure = subject.proof.structure
    if structure is None:
        return
    owners: dict[tuple[int, int], set[Place]] = defaultdict(set)
    for element in structure.walk():
        for place in element.marks:
            owners[place].add(element.place)
    for page, key in zip(subject.proof.pages, subject.proof.keys, strict=True):
        tags = structure.parents.get(key, ()) if key is not None else ()
        for mark in sorted(set(page.drawn.marks)):
            owner = owners.get((page.number, mark))
            if owner and (mark >= len(tags) or tags[mark] not in owner):
                yield fault(subject.at(page.number), "pdf-parent-tree", number=mark)


def links(subject: Subject) -> Iterator[Diagnostic]:
    """Links that say nothing of themselves, or hang on no tag of their kind; told once a page."""
    structure = subject.proof.structure
    holders = _holders(structure) if structure else {}
    found: dict[str, list[Link]] = defaultdict(list)
    for link in subject.proof.links:
        holder = holders.get(link.place)
        led = structure.parents.get(link.key, ()) if structure and link.key is not None else ()
        if not link.contents.strip():
            found["silent"].append(link)
        elif link.contents == link.target and link.leads_to is not None:
            found["named"].append(link)
        if structure is not None and (holder is None or holder.kind != "Link"):
            found["untagged"].append(link)
        elif holder is not None and led != (holder.place,):
            found["parent"].append(link)
    for page, count, target in _by_page(found["silent"]):
        yield fault(subject.at(page), "pdf-link-silent", count=count, target=target)
    for page, count, target in _by_page(found["untagged"]):
        yield fault(subject.at(page), "pdf-link-untagged", count=count, target=target)
    for page, count, target in _by_page(found["parent"]):
        yield fault(subject.at(page), "pdf-link-parent", count=count, target=target)
    if named := found["named"]:
        pages = ranges(one.page for one in named)
        yield doubt(subject.at(named[0].page), "pdf-link-named", count=len(named), target=named[0].target, pages=pages)


def _by_page(those: list[Link]) -> Iterator[tuple[int, int, str]]:
    """Each page, how many of the links stand there, and where the first leads."""
    for page, group in groupby(those, key=lambda one: one.page):
        links = list(group)
        yield page, len(links), links[0].target


def _holders(structure: Structure) -> Mapping[Place, Element]:
    return {place: element for element in structure.walk() for place in element.objects}


def ids(subject: Subject) -> Iterator[Diagnostic]:
    """Names of tags that stand twice, and names that no table of the file lists."""
    structure = subject.proof.structure
    if structure is None:
        return
    named: dict[bytes, list[int]] = defaultdict(list)
    for element in structure.walk():
        if element.id:
            named[element.id].append(element.page)
    for name, pages in named.items():
        if len(pages) > 1:
            place = subject.at(pages[1])
            yield fault(place, "pdf-id-twice", id=name.decode(errors="replace"), pages=ranges(pages))
    if named and not structure.has_ids:
        yield doubt(subject.at(), "pdf-no-id-table", count=len(named))


def headings(subject: Subject) -> Iterator[Diagnostic]:
    """Headings that skip a level; the first must be of level 1."""
    structure, before = subject.proof.structure, 0
    for element in structure.walk() if structure else ():
        level = _LEVELS.get(element.kind)
        if level is None:
            continue
        if level > before + 1:
            text = "".join(run.text for _, run in subject.proof.runs(element)).strip()
            yield fault(subject.at(element.page), "pdf-heading-skipped", text=text, level=level, before=before)
        before = level


def tables(subject: Subject) -> Iterator[Diagnostic]:
    """Tables without head cells, and cells that neither their heads' scope nor a list of heads explains."""
    structure = subject.proof.structure
    known = {element.id for element in structure.walk() if element.id} if structure else set()
    for element in structure.walk() if structure else ():
        if element.kind != "Table":
            continue
        cells = [one for one in element.walk() if one.kind in ("TH", "TD")]
        heads = [one for one in cells if one.kind == "TH"]
        if not heads:
            yield fault(subject.at(element.page), "pdf-table-no-heads")
        elif not all(one.scope for one in heads):
            lost = [one for one in cells if one.kind == "TD" and not (one.headers and known.issuperset(one.headers))]
            if lost:
                yield fault(subject.at(lost[0].page or element.page), "pdf-table-cells-unexplained", count=len(lost))


def figures(subject: Subject) -> Iterator[Diagnostic]:
    """Figures and formulas without a text that stands for them."""
    structure = subject.proof.structure
    for element in structure.walk() if structure else ():
        if element.kind in ("Figure", "Formula") and not element.alternative.strip():
            yield fault(subject.at(element.page), "pdf-figure-no-text")


def running_heads(subject: Subject) -> Iterator[Diagnostic]:
    """Page numbers and running heads that are marked as if they were text (PDF/UA-1, 7.8: they are artifacts)."""
    marked = [
        page.number
        for page in subject.proof.pages
        if any(one.mark.number is not None and _is_head(one, subject) for one in page.runs)
    ]
    if marked and subject.proof.structure is not None:
        yield doubt(subject.at(marked[0]), "pdf-head-as-text", pages=ranges(marked))


def _is_head(run: Run, subject: Subject) -> bool:
    """True of a text that stands on the height of the page number."""
    return run.baseline < head(subject) and not subject.is_circulation(run.text)
