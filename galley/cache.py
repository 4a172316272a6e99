"""A content-addressed store of finished parts on disk: an entry is found by the hash of all that it was made from.

Every entry carries the hash of its own bytes, so that one cut short or damaged is made again instead of used.
Entries are written aside and renamed, so concurrent builds never see half of one. The time of an entry's file is when
it was last used: it decides what goes first when the store grows too large, never whether an entry is right.
"""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 2 * 1024**3  # bytes: some hundred drafts of a report of 250 pages
_DIGEST_SIZE = 32


def digest(*parts: bytes | str) -> str:
    """The key of what these parts give together, in hexadecimal."""
    whole = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        whole.update(len(content).to_bytes(8, "big"))
        whole.update(content)
    return whole.hexdigest()


@functools.cache
def program() -> str:
    """The hash of this program's own files: what it makes may change with any of them."""
    folder = Path(__file__).parent
    return digest(*(one.read_bytes() for one in sorted(folder.rglob("*.py"))))


@dataclass(frozen=True, slots=True)
class Cache:
    """The entries below a folder, which need not exist yet."""

    folder: Path

    def get(self, key: str) -> bytes | None:
        """The bytes stored under a key, or None when there are none or they are damaged."""
        path = self._path(key)
        try:
            entry = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        content = entry[_DIGEST_SIZE:]
        return content if hashlib.sha256(content).digest() == entry[:_DIGEST_SIZE] else None

    def put(self, key: str, content: bytes) -> bool:
        """Store the bytes; False when that is not possible, which is no reason to stop a build."""
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(hashlib.sha256(content).digest() + content)
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError:
            return False
        return True

    def use(self) -> tuple[int, int]:
        """How many entries there are, and their bytes."""
        sizes = [size for _, size, _ in self._entries()]
        return len(sizes), sum(sizes)

    def trim(self, limit: int = LIMIT) -> None:
        """Remove the entries that were not used for longest until at most so many bytes are left."""
        entries = sorted(self._entries(), key=lambda one: one[0], reverse=True)
        total = 0
        for _, size, path in entries:
            total += size
            if total > limit:
                path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove all entries."""
        self.trim(0)

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """The time of last use, the bytes and the file of each entry; another process may remove some meanwhile."""
        for path in self.folder.glob("??/*"):
            with suppress(OSError):
                status = path.stat()
                yield status.st_mtime, status.st_size, path

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key
