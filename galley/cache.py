"""A content-addressed store of finished parts on disk: an entry is found by the hash of all that it was made from.

Every entry carries the hash of its own bytes, so that one cut short or damaged is made again instead of used.
Entries are written aside and renamed, so concurrent builds never see half of one.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

_DIGEST_SIZE = 32


def digest(*parts: bytes | str) -> str:
    """The key of what these parts give together, in hexadecimal."""
    whole = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        whole.update(len(content).to_bytes(8, "big"))
        whole.update(content)
    return whole.hexdigest()


@dataclass(frozen=True, slots=True)
class Cache:
    """The entries below a folder, which need not exist yet."""

    folder: Path

    def get(self, key: str) -> bytes | None:
        """The bytes stored under a key, or None when there are none or they are damaged."""
        try:
            entry = self._path(key).read_bytes()
        except OSError:
            return None
        content = entry[_DIGEST_SIZE:]
        return content if hashlib.sha256(content).digest() == entry[:_DIGEST_SIZE] else None

    def put(self, key: str, content: bytes) -> None:
        """Store the bytes; a cache that cannot be written is no reason to stop a build."""
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
            return

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key
