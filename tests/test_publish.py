"""Publishing and caching: the old output or the new one, never half of one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from galley.cache import Cache, digest
from galley.publish import publish_file, publish_folder

ROOT = Path(__file__).parent.parent


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def fail_half_way(folder: Path) -> None:
    (folder / "half.html").write_text("half")
    raise RuntimeError


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    publish_file(tmp_path / "out" / "report.pdf", b"one")
    publish_file(tmp_path / "out" / "report.pdf", b"two")
    assert (tmp_path / "out" / "report.pdf").read_bytes() == b"two"
    assert leftovers(tmp_path / "out") == []


def test_a_folder_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    site = tmp_path / "site"
    for name in ("old.html", "new.html"):
        with publish_folder(site) as folder:
            (folder / name).write_text(name)
    assert [path.name for path in site.iterdir()] == ["new.html"]
    assert leftovers(tmp_path) == []


def test_a_build_that_fails_leaves_the_last_one(tmp_path: Path) -> None:
    site = tmp_path / "site"
    with publish_folder(site) as folder:
        (folder / "good.html").write_text("good")
    with pytest.raises(RuntimeError), publish_folder(site) as folder:
        fail_half_way(folder)
    assert [path.name for path in site.iterdir()] == ["good.html"]
    assert leftovers(tmp_path) == []


def test_a_build_that_is_interrupted_leaves_the_last_one(tmp_path: Path) -> None:
    site = tmp_path / "site"
    with publish_folder(site) as folder:
        (folder / "good.html").write_text("good")
    script = dedent(
        """
        import sys, time
        from pathlib import Path
        from galley.publish import publish_folder
        with publish_folder(Path(sys.argv[1])) as folder:
            (folder / "half.html").write_text("half")
            print("ready", flush=True)
            time.sleep(60)
        """
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(site)], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert [path.name for path in site.iterdir()] == ["good.html"]


def test_the_key_tells_parts_apart() -> None:
    assert digest("a", "bc") != digest("ab", "c")
    assert digest("a") == digest(b"a")


def test_the_cache_gives_back_what_was_stored(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert cache.get(digest("x")) is None
    cache.put(digest("x"), b"content")
    assert cache.get(digest("x")) == b"content"


@pytest.mark.parametrize("damage", [b"", b"x", b"\0" * 40])
def test_a_damaged_entry_is_not_used(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(tmp_path)
    cache.put(digest("x"), b"content")
    (entry,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    entry.write_bytes(damage)
    assert cache.get(digest("x")) is None


def test_an_entry_cut_short_is_not_used(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(digest("x"), b"content")
    (entry,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    entry.write_bytes(entry.read_bytes()[:-1])
    assert cache.get(digest("x")) is None


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    Cache(tmp_path / "file").put(digest("x"), b"content")
    assert Cache(tmp_path / "file").get(digest("x")) is None


def test_the_entries_that_were_not_used_for_longest_go_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    keys = [digest(str(number)) for number in range(4)]
    for number, key in enumerate(keys):
        cache.put(key, bytes(1000))
        os.utime(next(tmp_path.glob(f"??/{key}")), (number, number))
    cache.get(keys[0])
    cache.trim(2 * 1032)
    assert [cache.get(key) is not None for key in keys] == [True, False, False, True]
    assert cache.use() == (2, 2 * 1032)


def test_a_cleared_cache_is_empty(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(digest("x"), b"content")
    cache.clear()
    assert cache.use() == (0, 0)
