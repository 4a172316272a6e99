"""What a packed office file may hold before anything opens it: bounds for its size, and no definitions of entities.

XLSX and DOCX are ZIP archives of XML parts. The libraries unpack and parse what they are given.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from galley.diagnostics import Diagnostic, error
from galley.source import Span

if TYPE_CHECKING:
    from pathlib import PurePosixPath

MAX_PARTS = 10_000
MAX_MARKS = 6_000_000  # of elements and attributes; a form with 12,000 rows has 1.2 million
_ENCODING = re.compile(r"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS = ("utf-8", "utf8", "utf-16", "us-ascii", "ascii")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}
_XML = (".xml", ".rels", ".vml")


def refusals(path: PurePosixPath, content: bytes, limit: int) -> tuple[Diagnostic, ...]:
    """Why a file is not opened; none when it may be. Raises what `zipfile` raises when it is no archive.

    `limit` is for the sum of all parts in bytes. `zipfile` unpacks no more of a part than the archive declares.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        size = sum(one.file_size for one in parts)
        if size > limit:
            return (error(Span(path), "file-too-large", size=size, limit=limit),)
        if len(parts) > MAX_PARTS:
            return (error(Span(path), "foreign-part", part=parts[MAX_PARTS].filename),)
        marks = 0
        for one in parts:
            part = archive.read(one)
            if _is_foreign(one.filename, part):
                return (error(Span(path), "foreign-part", part=one.filename),)
            if one.filename.lower().endswith(_XML):
                marks += part.count(b"<") + part.count(b"=")
        return (error(Span(path), "file-too-large", size=marks, limit=MAX_MARKS),) if marks > MAX_MARKS else ()


def _is_foreign(name: str, content: bytes) -> bool:
    """True for XML that defines entities, or in letters that would hide that it does; office programs write neither."""
    encoding = _MARKS.get(content[:2], "utf-8")
    if encoding == "utf-8" and not content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return name.lower().endswith(_XML)
    text = content.decode(encoding, errors="replace")
    declared = _ENCODING.search(text[:200])
    return "<!DOCTYPE" in text or (declared is not None and declared[1].lower() not in _ENCODINGS)
