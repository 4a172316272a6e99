"""Begin a new chapter, province, indicator or meeting from the templates in templates/new/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.errors import UsageError
from galley.publish import publish_file
from galley.read.parse import SETTINGS
from galley.read.records import ID
from galley.read.worktree import read_worktree
from galley.read.yamltext import Mapping, Scalar, Sequence, read_yaml
from galley.render.layout import layout

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "chapter": ("chapters/{id}.md", "new/chapter.md"),
    "province": ("provinces/{id}.md", "new/province.md"),
    "indicator": ("data/indicators/{id}.yml", "new/indicator.yml"),
    "meeting": ("data/meetings.yml", "new/meeting.yml"),
}
KINDS = tuple(FILES)


def begin(root: Path, kind: str, identifier: str) -> tuple[Path, ...]:
    """Write the beginning of a record and return the files that were written or extended.

    A chapter is also entered in data/report.yml, behind the last one of its folder; a meeting is added to the register.
    UsageError for an id that cannot be one and for one that exists.
    """
    if not ID.fullmatch(identifier):
        raise UsageError("bad-id", id=identifier)
    name, template = FILES[kind]
    path = root / name.format(id=identifier)
    text = layout(read_worktree(root)).fill(template, id=identifier)
    if kind == "meeting":
        return (_append(path, identifier, text),)
    if path.exists():
        raise UsageError("already-exists", path=str(path))
    publish_file(path, text.encode())
    return (path, *_enter(root, name.format(id=identifier)))


def _append(path: Path, identifier: str, text: str) -> Path:
    """Add a record at the end of a register."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if f"id: {identifier}," in old or f"id: {identifier}\n" in old:
        raise UsageError("already-exists", path=f"{path}: {identifier}")
    publish_file(path, f"{old.rstrip()}\n{text.rstrip()}\n".lstrip().encode())
    return path


def _enter(root: Path, name: str) -> tuple[Path, ...]:
    """Name a chapter in the settings, behind the last one of the same folder; nothing where no part lists its kind."""
    path = root / SETTINGS
    if not name.endswith(".md") or not path.exists():
        return ()
    text = path.read_text(encoding="utf-8")
    node, _ = read_yaml(SETTINGS, text)
    parts = node.get("parts") if isinstance(node, Mapping) else None
    items = parts.items if isinstance(parts, Sequence) else ()
    listed = [
        one
        for chapters in (part.get("chapters") for part in items if isinstance(part, Mapping))
        if isinstance(chapters, Sequence)
        for one in chapters.items
        if isinstance(one, Scalar) and one.text.startswith(name.partition("/")[0] + "/")
    ]
    lines = text.split("\n")
    if not listed or not listed[-1].plain:
        return ()
    number, before = listed[-1].span.line, listed[-1].span.column - 1
    line = lines[number - 1]
    if line[:before].strip() == "-":
        lines.insert(number, f"{line[:before]}{name}")
    else:  # a list in brackets
        after = before + len(listed[-1].text)
        lines[number - 1] = f"{line[:after]}, {name}{line[after:]}"
    publish_file(path, "\n".join(lines).encode())
    return (path,)
