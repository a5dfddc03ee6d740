"""What is kept on disk comes back whole or not at all, whatever happens to the disk."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from nonlin import store

NAME = store.name_of("a test")
CONTENT = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_what_was_written_is_read() -> None:
    assert store.read(NAME) is None
    store.write(NAME, CONTENT)
    assert store.read(NAME) == CONTENT


def test_nothing_but_the_file_is_left_behind(home: Path) -> None:
    store.write(NAME, CONTENT)
    store.write(NAME, CONTENT)
    assert [p.name for p in home.iterdir()] == [NAME]


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 66, 1000, 64 + 1 + len(CONTENT) - 1])
def test_a_truncated_file_is_not_taken(home: Path, length: int) -> None:
    store.write(NAME, CONTENT)
    whole = (home / NAME).read_bytes()
    (home / NAME).write_bytes(whole[:length])
    assert store.read(NAME) is None
    store.write(NAME, CONTENT)
    assert store.read(NAME) == CONTENT


@pytest.mark.parametrize("at", [0, 63, 64, 65, 5000, -1])
def test_a_flipped_bit_is_noticed(home: Path, at: int) -> None:
    store.write(NAME, CONTENT)
    damaged = bytearray((home / NAME).read_bytes())
    damaged[at] ^= 1
    (home / NAME).write_bytes(damaged)
    assert store.read(NAME) is None


def test_a_folder_that_cannot_be_made_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "file" / "below"))
    store.write(NAME, CONTENT)
    assert store.read(NAME) is None
    assert store.remembered(NAME, lambda: 7) == 7


def test_a_full_disk_leaves_no_part_of_a_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_bytes

    def half(path: Path, content: bytes) -> int:
        write(path, content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    store.write(NAME, CONTENT)
    assert list(home.iterdir()) == []
    assert store.remembered(NAME, lambda: "made") == "made"


def test_an_interrupted_write_is_not_read_and_is_swept_away_later(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(path: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        store.write(NAME, CONTENT)
    assert store.read(NAME) is None
    (part,) = home.iterdir()
    os.utime(part, (0, 0))
    store.tidy(home)
    assert list(home.iterdir()) == []


def test_processes_that_write_at_once_leave_one_whole_file(home: Path) -> None:
    program = (
        "from nonlin import store\n"
        f"for _ in range(200):\n    store.write({NAME!r}, {CONTENT!r})\n"
        f"    assert store.read({NAME!r}) == {CONTENT!r}\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]
    assert [p.wait() for p in running] == [0, 0, 0]
    assert [p.name for p in home.iterdir()] == [NAME]
    assert store.read(NAME) == CONTENT


def test_a_value_is_made_once() -> None:
    made: list[int] = []

    def make() -> dict[str, Any]:
        made.append(1)
        return {"a": (1.5, "b")}

    assert [store.remembered(NAME, make) for _ in range(3)] == [{"a": (1.5, "b")}] * 3
    assert made == [1]


def test_names_depend_on_each_text_and_on_where_it_ends() -> None:
    names = {store.name_of("a", "b"), store.name_of("ab"), store.name_of("a", "c"), store.name_of("b", "a")}
    assert len(names) == 4


def test_the_hash_of_sources_depends_on_the_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "__file__", str(tmp_path / "store.py"))
    (tmp_path / "stage" / "deep").mkdir(parents=True)
    (tmp_path / "stage" / "deep" / "a.py").write_text("a = 1")
    (tmp_path / "card.py").write_text("")
    fresh = store.sources.__wrapped__
    before = fresh("stage", "card.py")
    assert fresh("stage", "card.py") == before
    (tmp_path / "stage" / "deep" / "a.py").write_text("a = 2")
    changed = fresh("stage", "card.py")
    (tmp_path / "stage" / "deep" / "a.py").rename(tmp_path / "stage" / "a.py")
    moved = fresh("stage", "card.py")
    (tmp_path / "card.py").write_text("b = 3")
    assert len({before, changed, moved, fresh("stage", "card.py")}) == 4


def test_versions_are_those_of_the_libraries() -> None:
    import numba
    import sympy

    said = store.versions("numba", "sympy", "python-flint", "no-such-library")
    assert f"numba-{numba.__version__}.dist-info, sympy-{sympy.__version__}.dist-info, python_flint-" in said
    assert said.endswith("no no-such-library")


def test_what_was_unused_for_long_is_removed_and_nothing_that_is_not_ours(home: Path) -> None:
    store.write(NAME, CONTENT)
    home.joinpath("holiday.jpg").write_text("mine")
    store.write(store.name_of("old"), CONTENT)
    for name in ("holiday.jpg", store.name_of("old")):
        os.utime(home / name, (0, 0))
    store.tidy(home)
    assert sorted(p.name for p in home.iterdir()) == sorted([NAME, "holiday.jpg"])


def test_the_oldest_go_where_there_are_too_many(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [store.name_of(str(i)) for i in range(6)]
    for age, name in enumerate(names):
        store.write(name, CONTENT)
        os.utime(home / name, (time.time() - age,) * 2)
    monkeypatch.setattr(store, "MOST", 4)
    store.tidy(home)
    assert {p.name for p in home.iterdir()} == set(names[:4])


def test_reading_marks_an_old_file_as_used(home: Path) -> None:
    store.write(NAME, CONTENT)
    before = time.time() - 20 * store.DAY
    os.utime(home / NAME, (before, before))
    store.read(NAME)
    assert (home / NAME).stat().st_mtime > time.time() - store.DAY


@pytest.mark.parametrize(
    ("settings", "folder"),
    [
        ({"NONLIN_CACHE": "/a", "XDG_CACHE_HOME": "/b"}, Path("/a")),
        ({"NONLIN_CACHE": "", "XDG_CACHE_HOME": "/b"}, None),
        ({"XDG_CACHE_HOME": "/b"}, Path("/b/nonlin")),
    ],
)
def test_the_folder_is_the_users_choice(
    settings: dict[str, str], folder: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NONLIN_CACHE")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert store.folder() == folder


def test_without_a_folder_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(store.VARIABLE, "")
    store.write(NAME, CONTENT)
    assert store.read(NAME) is None
    assert [store.remembered(NAME, lambda i=i: i) for i in (1, 2)] == [1, 2]
