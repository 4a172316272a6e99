"""Put finished outputs in their place: built aside on the same file system, then swapped in, never half-written."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST = "SHA256SUMS"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def publish_file(path: Path, content: bytes) -> None:
    """Write a file so that its path holds either the old bytes or the new ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def publish_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder to build in; when the block ends well it takes the place of `path`, else it is removed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}-"))
    try:
        yield aside
        aside.chmod(0o755)
        if path.is_dir() and not path.is_symlink():
            _exchange(aside, path)
        else:
            aside.replace(path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_manifest(folder: Path) -> None:
    """Write the SHA-256 of every file below a folder into its `SHA256SUMS`, as `sha256sum -c` reads it."""
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    lines = (f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.relative_to(folder).as_posix()}\n" for one in files)
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")


def _exchange(one: Path, other: Path) -> None:
    """Swap two folders in one step where the system can (Linux, renameat2), else in two."""
    with contextlib.suppress(AttributeError, OSError):
        system = ctypes.CDLL(None, use_errno=True)
        if system.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
            return
    old = Path(tempfile.mkdtemp(dir=other.parent, prefix=f".{other.name}-"))
    other.replace(old / other.name)
    try:
        one.replace(other)
    except BaseException:
        (old / other.name).replace(other)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
