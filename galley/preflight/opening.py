"""Rules of the first page's title block: which parts stand where, in what size and style."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from galley.preflight import tolerances
from galley.preflight.measures import head
from galley.preflight.pages import Line, lines
from galley.preflight.subject import fault, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from galley.diagnostics import Diagnostic
    from galley.preflight.subject import Subject

LEFT, RIGHT, MIDDLE = "left", "right", "middle"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the title block: its column, the key of its size in the profile, and its style."""

    name: str
    column: str
    size: str
    bold: bool = False
    italic: bool = False
    capitals: bool = False


# In the order in which they stand in their column.
PARTS = (
    Part("superior", LEFT, "superior_size", capitals=True),
    Part("issuer", LEFT, "body_size", bold=True, capitals=True),
    Part("star", LEFT, "body_size"),
    Part("number", LEFT, "number_size"),
    Part("draft", LEFT, "draft_size", italic=True),
    Part("nation", RIGHT, "nation_size", bold=True, capitals=True),
    Part("motto", RIGHT, "motto_size", bold=True),
    Part("date", RIGHT, "date_size", italic=True),
    Part("type", MIDDLE, "type_size", bold=True, capitals=True),
    Part("subject", MIDDLE, "subject_size", bold=True),
    Part("below", MIDDLE, ""),
)


def title_block(subject: Subject) -> Iterator[Diagnostic]:
    """Parts of the title block that are missing, in another column or order, size or style than the profile's."""
    if not subject.proof.pages:
        return
    heading, place = subject.profile["heading"], subject.at(1)
    found = _find(subject)
    for part in PARTS:
        if part.name in found:
            column, line = found[part.name]
            if column != part.column or _too_high(part, found):
                yield fault(place, "pdf-title-place", part=part.name, column=part.column)
            yield from _type(subject, part, line)
        elif _is_wanted(part, heading):
            yield fault(place, "pdf-title-missing", part=part.name)
    yield from _rules(subject, found)


def circulation(subject: Subject) -> Iterator[Diagnostic]:
    """A note of circulation that is not in the upper right corner, or in another size or style than the profile's."""
    given, place = subject.profile["page"].get("circulation"), subject.at(1)
    for run in subject.proof.pages[0].runs if given and subject.proof.pages else ():
        if not subject.is_circulation(run.text):
            continue
        right = subject.proof.pages[0].width - subject.profile["page"]["margins"]["right"]
        high = abs(run.box.top - given["from_edge"]) <= tolerances.NOTICE
        if not high or abs(run.box.right - right) > tolerances.NOTICE:
            yield fault(place, "pdf-title-place", part="circulation", column="corner")
        if abs(run.size - given["size"]) > tolerances.SIZE:
            expected = number(float(given["size"]))
            yield fault(place, "pdf-title-size", part="circulation", found=number(run.size), expected=expected)
        if not run.font.bold:
            yield fault(place, "pdf-title-style", part="circulation", style="bold")


def _rules(subject: Subject, found: Mapping[str, tuple[str, Line]]) -> Iterator[Diagnostic]:
    """Rules that are missing or of another length than the profile's share of the words above them."""
    heading = subject.profile["heading"]
    wanted = {"motto" if "motto" in found else "nation": 1.0, "issuer": heading.get("issuer_rule", 0)}
    for name, share in wanted.items():
        if share and name in found and not _is_ruled(subject, found[name][1], share):
            yield fault(subject.at(1), "pdf-title-rule", part=name)
    if heading.get("subject_rule", 0) and "subject" in found:
        last, widest = found["subject-end"][1], found["subject-widest"][1].box
        share = heading["subject_rule"] * (widest.right - widest.left) / (last.box.right - last.box.left)
        if not _is_ruled(subject, last, share):
            yield fault(subject.at(1), "pdf-title-rule", part="subject")


def _is_wanted(part: Part, heading: Mapping[str, object]) -> bool:
    """True of a part without which no document is complete; a note of a draft stands on drafts alone."""
    optional = {"star": "star", "motto": "motto", "below": "below_subject"}
    return part.name != "draft" and bool(heading.get(optional.get(part.name, ""), part.name not in optional))


def _too_high(part: Part, found: Mapping[str, tuple[str, Line]]) -> bool:
    """True when a part stands above one that comes before it in its column."""
    earlier = [one.name for one in PARTS[: PARTS.index(part)] if one.column == part.column]
    line = found[part.name][1]
    above = (found[name] for name in earlier if name in found)
    return any(other.baseline > line.baseline for column, other in above if column == part.column)


def _type(subject: Subject, part: Part, line: Line) -> Iterator[Diagnostic]:
    run, place = line.main, subject.at(1)
    expected = subject.profile["heading"].get(part.size)
    if expected is not None and abs(run.size - float(expected)) > tolerances.SIZE:
        yield fault(place, "pdf-title-size", part=part.name, found=number(run.size), expected=number(float(expected)))
    if part.name in ("star", "below"):
        return
    wanted = {"bold": part.bold, "italic": part.italic, "capitals": part.capitals}
    shown = {"bold": run.font.bold, "italic": run.font.italic, "capitals": line.text == line.text.upper()}
    if not part.capitals:
        shown["capitals"] = False
    for style, asked in wanted.items():
        if shown[style] != asked:
            yield fault(place, "pdf-title-style", part=part.name, style=style if asked else f"not-{style}")


def _is_ruled(subject: Subject, line: Line, share: float) -> bool:
    """True when a rule of this share of the words' length stands below the middle of a line."""
    box = line.box
    across = (box.left + box.right) / 2
    return any(
        one.bottom - one.top <= tolerances.RULE_THICKNESS
        and 0 < one.top - line.baseline <= tolerances.RULE_BELOW
        and abs((one.left + one.right) / 2 - across) <= tolerances.CENTRE
        and abs(one.right - one.left - share * (box.right - box.left)) <= 2 * tolerances.RULE_LENGTH
        for one in subject.proof.pages[0].drawn.shapes
    )


def _find(subject: Subject) -> dict[str, tuple[str, Line]]:
    """Each part that can be told, with the column it stands in."""
    page, heading, sides = subject.proof.pages[0], subject.profile["heading"], subject.profile["page"]["margins"]
    left, right = float(sides["left"]), page.width - float(sides["right"])
    middle = (left + right) / 2
    border = (left + heading.get("left_width", middle - left) + right - heading.get("right_width", right - middle)) / 2
    whole = lines(one for one in page.runs if one.baseline > head(subject) and not subject.is_circulation(one.text))
    opens = (one.baseline for one in whole if _opens_title(one, middle, border))
    title = min(opens, default=page.height)
    runs = [run for one in whole if one.baseline < title for run in one.runs]
    columns = {
        LEFT: list(lines(one for one in runs if one.box.left + one.box.right < 2 * border)),
        RIGHT: list(lines(one for one in runs if one.box.left + one.box.right >= 2 * border)),
    }
    found = dict(_by_words(columns, heading))
    found |= {name: (LEFT, line) for name, line in _names(columns[LEFT])}
    if columns[RIGHT]:
        found["date"] = RIGHT, columns[RIGHT][-1]
    below = _title([one for one in whole if one.baseline >= title], heading)
    return found | {name: (MIDDLE if _is_centred(line, middle) else LEFT, line) for name, line in below}


def _opens_title(line: Line, middle: float, border: float) -> bool:
    """True of a line in the middle that is not one of the left column beside one of the right."""
    boxes = [run.box for run in line.runs]
    beside = any(one.right <= border for one in boxes) and any(one.left >= border for one in boxes)
    return _is_centred(line, middle) and not (
        beside and all(one.right <= border or one.left >= border for one in boxes)
    )


def _by_words(
    columns: Mapping[str, list[Line]], heading: Mapping[str, object]
) -> Iterator[tuple[str, tuple[str, Line]]]:
    """The parts whose words the profile knows, in whatever column they stand; they are taken out of it."""
    for column, those in columns.items():
        for name in ("star", "number", "draft", "nation", "motto"):
            taken = _take(those, str(heading.get(name, "")), whole=name in ("star", "nation", "motto"))
            if taken is not None:
                yield name, (column, taken)


def _take(those: list[Line], words: str, *, whole: bool) -> Line | None:
    """The first line that is these words, or begins with them, taken out of a column."""
    for line in those:
        said = line.text.casefold()
        if words and (said == words.casefold() if whole else said.split()[0] == words.casefold().split()[0]):
            those.remove(line)
            return line
    return None


def _names(left: list[Line]) -> Iterator[tuple[str, Line]]:
    """The superior and the issuing body; where neither is bold, or both are, the last line is the issuing one."""
    bold = [one for one in left if one.main.font.bold]
    issuing = bold if 0 < len(bold) < len(left) else left[-1:]
    if issuing and (len(left) > 1 or bold):
        yield "issuer", issuing[0]
    above = [one for one in left if one not in issuing]
    if above:
        yield "superior", above[0]


def _title(those: list[Line], heading: Mapping[str, object]) -> Iterator[tuple[str, Line]]:
    """The type, the first line of the subject, and what stands below the subject."""
    below = next((one for one in those if one.text == heading.get("below_subject")), None)
    if below is not None:
        yield "below", below
    bold = [one for one in those if one.main.font.bold and (below is None or one.baseline < below.baseline)]
    if those and those[0] is not below:
        yield "type", those[0]
        rest = [one for one in bold if one is not those[0]] or those[1:2]
        if rest and rest[0] is not below:
            yield "subject", rest[0]
            yield "subject-end", rest[-1]
            yield "subject-widest", max(rest, key=lambda one: one.box.right - one.box.left)


def _is_centred(line: Line, middle: float) -> bool:
    return abs((line.box.left + line.box.right) / 2 - middle) <= tolerances.CENTRE
