"""The redline of a page: the finished page with what was deleted and inserted since an earlier draft marked in it.

It is made of the new page alone: deleted words are put in as plain text, so that no tag, link or id of the old draft
comes back. Without the marks the page is what it was: `ins` and `del` are shown or not by the style.
"""

from __future__ import annotations

import re
from collections import deque
from html import escape
from typing import TYPE_CHECKING

from galley.compare.drafts import REMOVED, compare_texts
from galley.compare.words import Edit, abridged
from galley.render.fragments import Kind, elements, name_of, text_of, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from galley.compare.drafts import Change, ChapterChanges, DraftChapter, FigureChange
    from galley.render.fragments import Token
    from galley.render.layout import Layout

MACROS = "macros/review.html"
# Before which tags a row or an item may stand, and which of them it is.
_LINES = {"tr": "tr", "/tbody": "tr", "/table": "tr", "li": "li", "/ul": "li", "/ol": "li"}
_OPENING = re.compile(r"<(?P<tag>\w+)(?P<rest>[^>]*)>")
_CLASS = re.compile(r' class="')
_MARK = re.compile(r'<(span|a) class="paragraph".*?</\1>', re.DOTALL)
_NO_TEXT = re.compile(
    r'<(?:details|aside)\b|<(?:div|section) class="(?:footnote|page-)'
)  # what follows the text of a page


def mark_changes(html: str, found: ChapterChanges, layout: Layout) -> str:
    """The HTML of a chapter with its changes marked; what was removed stands behind what it followed.

    A chapter that is new or gone is left as it is: there is nothing to compare it with.
    """
    if found.before is None or found.after is None:
        return html
    runs = _runs(elements(html))
    names = {name: place for place, (name, _) in enumerate(runs) if name}
    first = min(names.values(), default=0) - 1
    texts = [text for _, text in runs]
    gone: dict[int, str] = {}
    for change in found.changes:
        places = [names[name] for one in change.after if (name := found.after.pieces[one].name) in names]
        if change.kind == REMOVED:
            behind = names.get(found.after.pieces[change.behind].name, first) if change.behind >= 0 else first
            gone[behind] = gone.get(behind, "") + _removed(change, found.before, layout)
        elif places:
            marked = _marked([texts[place] for place in places], change, found.before, layout)
            for place, text in zip(places, marked, strict=True):
                texts[place] = text
    return gone.get(-1, "") + "\n".join(text + gone.get(place, "") for place, text in enumerate(texts))


def marked_text(edits: Iterable[Edit], figures: Sequence[FigureChange] = (), *, around: int) -> str:
    """Plain text with its deletions and insertions marked, and so many words around them; strokes part its cells."""
    return "".join(
        _shown(one.after) if one.kept else _deleted(one, figures) + _inserted(one.after, one, figures)
        for one in abridged(edits, around)
    )


def _runs(parts: Sequence[str]) -> list[tuple[str, str]]:
    """The pieces of a page: their names, and the HTML of each with what belongs to it; no name for what has no text."""
    runs: list[tuple[str, str]] = []
    for one in parts:
        name = "" if one.startswith("<h1") or _NO_TEXT.match(one) else name_of(one)
        if name or not runs or not runs[-1][0] or _NO_TEXT.match(one):
            runs.append((name, one))
        else:
            runs[-1] = (runs[-1][0], f"{runs[-1][1]}\n{one}")
    return runs


def _marked(runs: Sequence[str], change: Change, before: DraftChapter, layout: Layout) -> list[str]:
    """The runs of HTML that a change is about, with its marks."""
    streams = [tokens(run) for run in runs]
    edits = _fitting(change.edits, "\n\n".join(text_of(one) for one in streams))
    marks = _Marks(edits, change.figures)
    changes_text = any(not one.kept for one in edits)
    note = layout.macro(MACROS, "change_note", change.kind, before.numbers(change.before))
    made = []
    for place, stream in enumerate(streams):
        if place:
            marks.pass_over(2)
        html = _noted(marks.put_into(stream), f" changed changed--{change.kind}", "" if place else note)
        if change.figures and not changes_text:
            body = html.removesuffix("</figure>")
            html = f"{body}{layout.macro(MACROS, 'figure_changes', change.figures)}{html[len(body) :]}"
        made.append(html)
    return made


def _fitting(edits: Sequence[Edit], text: str) -> tuple[Edit, ...]:
    """The edits for what stands on the page; what it adds in front, as the number of a heading, is no change."""
    after = "".join(one.after for one in edits)
    if text == after:
        return tuple(edits)
    if text.endswith(after):
        head = text.removesuffix(after)
        return (Edit(head, head), *edits)
    return compare_texts("".join(one.before for one in edits), text)


class _Marks:
    """Puts edits into HTML, from the front to the back."""

    def __init__(self, edits: Iterable[Edit], figures: Sequence[FigureChange]) -> None:
        self._edits, self._figures = deque(edits), figures
        self._at = 0  # how much of the first edit is done
        self._gone: list[Edit] = []  # what was deleted and is not shown yet

    def pass_over(self, length: int) -> None:
        """Leave out so much of the text, that is no HTML."""
        while length:
            length -= len(self._take(length)[0])

    def put_into(self, stream: Sequence[Token]) -> str:
        """The HTML of the tokens with the marks of the edits that are about them."""
        made: list[str] = []
        gone: list[Edit] = []  # whole rows or items that wait for the end of the one before them
        said: int | None = None  # where the last words end, or a line begins
        for token in stream:
            if token.kind is Kind.WORDS:
                self._put_lines_before(made)
                made += self._words(token.text)
                said = len(made) - 1
            else:
                if token.tag in _LINES:
                    made += (_removed_line(one.before, _LINES[token.tag]) for one in gone)
                    gone = []
                made.append(token.raw)
                self.pass_over(len(token.text))
                said = len(made) - 1 if token.kind is Kind.LINE else said
            while said is not None and self._edits and not self._edits[0].after:
                edit = self._edits.popleft()
                if edit.before.startswith("\n"):
                    gone.append(edit)
                else:
                    made[said] += _deleted(edit, self._figures)
        self._gone += gone
        made.insert(len(made) if said is None else said + 1, self._deletions())
        return "".join(made)

    def _put_lines_before(self, made: list[str]) -> None:
        """Put the rows or items that stood before the first one of now before it."""
        places = [place for place, raw in enumerate(made) if raw.startswith(("<tr", "<li"))]
        while places and self._edits and not self._edits[0].after and self._edits[0].before.endswith("\n"):
            gone = self._edits.popleft()
            made.insert(places[-1], _removed_line(gone.before, made[places[-1]][1:3]))
            places.append(places.pop() + 1)

    def _words(self, text: str) -> list[str]:
        """The words with their marks, what was deleted in front of them."""
        made = []
        rest = len(text)
        while rest:
            words, edit = self._take(rest)
            made.append(self._deletions())
            made.append(escape(words, quote=False) if edit.kept else _inserted(words, edit, self._figures))
            rest -= len(words)
        return made

    def _deletions(self) -> str:
        found = "".join(_deleted(one, self._figures) for one in self._gone)
        self._gone.clear()
        return found

    def _take(self, length: int) -> tuple[str, Edit]:
        """The next of the text, at most so much and no more than is left of the first edit."""
        while not self._edits[0].after:
            self._gone.append(self._edits.popleft())
        edit = self._edits[0]
        if self._at == 0 and not edit.kept:
            self._gone.append(edit)
        text = edit.after[self._at : self._at + length]
        self._at += len(text)
        if self._at == len(edit.after):
            self._edits.popleft()
            self._at = 0
        return text, edit


def _deleted(edit: Edit, figures: Sequence[FigureChange]) -> str:
    text = edit.before.strip("\n\t") and _shown(edit.before)
    return f"<del{_kind(edit, figures)}>{text}</del>" if text.strip() else ""


def _inserted(text: str, edit: Edit, figures: Sequence[FigureChange]) -> str:
    return f"<ins{_kind(edit, figures)}>{_shown(text)}</ins>" if text.strip() else escape(text)


def _shown(text: str) -> str:
    return escape(text, quote=False).replace("\t", " | ").replace("\n", " ")


def _kind(edit: Edit, figures: Sequence[FigureChange]) -> str:
    """The class of a change that comes from the data."""
    was, now = edit.before.strip(), edit.after.strip()
    of_data = any(was and now and _about(was, one.before) and _about(now, one.after) for one in figures)
    return ' class="datum"' if of_data else ""


def _about(text: str, figure: str) -> bool:
    return text in figure or figure in text


def _removed_line(text: str, tag: str) -> str:
    """A row or an item that is gone, as one that was deleted."""
    if tag == "li":
        return f'<li class="removed"><del>{_shown(text.strip())}</del></li>'
    cells = "".join(f"<td><del>{escape(one, quote=False)}</del></td>" for one in text.strip("\n").split("\t"))
    return f'<tr class="removed">{cells}</tr>'


def _removed(change: Change, before: DraftChapter, layout: Layout) -> str:
    lines = [line for place in change.before for line in before.pieces[place].text.split("\n") if line.strip()]
    texts = [line.replace("\t", " | ") for line in lines]
    return str(layout.macro(MACROS, "removed", before.numbers(change.before), texts))


def _noted(html: str, kind: str, note: str) -> str:
    """The HTML of a run with a class for its first element, and a note before its first words."""
    opening = _OPENING.match(html)
    if opening is None:
        return html
    rest = opening["rest"]
    rest = (
        _CLASS.sub(f' class="{kind.strip()} ', rest, count=1)
        if _CLASS.search(rest)
        else f'{rest} class="{kind.strip()}"'
    )
    html = f"<{opening['tag']}{rest}>{html[opening.end() :]}"
    mark = _MARK.search(html)
    at = mark.end() if mark else html.index(">") + 1
    return f"{html[:at]}{note}{html[at:]}"
