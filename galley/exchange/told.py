"""Tell what an import of opinions would do: those that are sure, those to look at, those that are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from galley.exchange.given import Origin
    from galley.exchange.reception import Entry

    Say = Callable[..., str]

_LONGEST = 100  # characters of an opinion, by which it is recognised


def told(entries: Iterable[Entry], say: Say) -> Iterator[str]:
    """The lines that tell what becomes of the opinions; `say` gives a sentence of the catalogue.

    Each line says where the opinion stands in its file, so that none is lost.
    """
    new = [one for one in entries if one.id and not one.known]
    groups = {
        "opinions-sure": [one for one in new if one.placing.exact and not one.placing.doubt],
        "opinions-unsure": [one for one in new if one.placing.exact and one.placing.doubt],
        "opinions-rough": [one for one in new if not one.placing.exact],
        "opinions-left": [one for one in entries if one.reason],
    }
    for title, those in groups.items():
        if those:
            yield say(title, count=str(len(those)))
            yield from (f"  {line}" for one in those for line in _entry(one, say))


def _entry(one: Entry, say: Say) -> Iterator[str]:
    text = " ".join(one.given.text.split())
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"
    origin, placing = _origin(one.given.origin, say), one.placing
    if one.reason:
        yield say("opinion-left", origin=origin, sender=one.sender or one.given.senders or "?", text=short)
        if one.reason == "no-place":
            known = "opinion-lost" if one.given.place else "opinion-nowhere"
            yield f"  {say(known, place=one.given.place, doubt=placing.doubt)}"
        else:
            yield f"  {say('opinion-refused', left=one.reason, detail=one.detail)}"
        if one.near:
            yield f"  {say('opinion-near', sender=one.near)}"
        return
    agreed = say("opinion-agreed") if one.agreed else ""
    yield say(
        "opinion",
        id=one.id,
        sender=one.sender,
        place=placing.shown or say("opinion-general"),
        about=placing.about or "-",
        way=placing.way if placing.about else "-",
        origin=origin,
        text=f"{agreed}{short}",
    )
    if placing.doubt:
        yield f"  {say('opinion-doubt', doubt=placing.doubt, elsewhere=placing.elsewhere).rstrip()}"


def _origin(one: Origin, say: Say) -> str:
    return say(f"origin-{one.kind}", sheet=one.part, number=str(one.number))
