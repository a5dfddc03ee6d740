import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest

from nonlin.errors import InvalidInput
from nonlin.study.store import FILE, Store, set_aside
from nonlin.study.training import Trial, TrialResult

TRIAL = Trial("tuning", "relu", 0.001, 0, 2, 16)
RESULT = TrialResult(
    False,
    1,
    {"metric": 0.1 + 0.2, "loss": 1e-310},
    None,
    [1 / 3],
    [0.5],
    [1.0, 2.0, 3.0],
    None,
    None,
    0.1,
    2.0,
)


def test_a_result_comes_back_bit_for_bit(tmp_path):
    with Store(tmp_path) as store:
        assert store.get("a") is None
        store.put("a", TRIAL, RESULT)
    with Store(tmp_path) as store:
        assert store.get("a") == RESULT
        assert len(store) == 1


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Store(None) as store:
        store.put("a", TRIAL, RESULT)
        assert store.get("a") == RESULT
    assert not list(tmp_path.iterdir())


def test_a_number_that_json_cannot_hold_is_no_result(tmp_path):
    with Store(tmp_path) as store, pytest.raises(ValueError, match="JSON"):
        store.put("a", TRIAL, replace(RESULT, train_loss=[float("nan")]))


def test_two_at_once_are_refused_and_the_lock_ends_with_its_holder(tmp_path):
    with Store(tmp_path) as first:
        first.put("a", TRIAL, RESULT)
        with pytest.raises(InvalidInput, match="another study is at work"):
            Store(tmp_path)
        with pytest.raises(InvalidInput, match="another study is at work"):
            set_aside(tmp_path)
    with Store(tmp_path) as second:
        assert len(second) == 1


def test_a_killed_process_leaves_its_results_and_no_lock(tmp_path):
    code = f"""
import os, signal
from pathlib import Path
from nonlin.study.store import Store
from nonlin.study.training import Trial, TrialResult
store = Store(Path({str(tmp_path)!r}))
store.put("a", {TRIAL!r}, {RESULT!r})
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    with Store(tmp_path) as store:
        assert store.get("a") == RESULT


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to be looked at" * 50, b"SQLite format 3\0 no"]
)
def test_a_damaged_file_is_said_kept_and_can_be_set_aside(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(InvalidInput, match=r"damaged or no study.*--fresh"):
        Store(tmp_path)
    assert (tmp_path / FILE).read_bytes() == content
    old = set_aside(tmp_path)
    assert old is not None
    assert old.read_bytes() == content
    Store(tmp_path).close()


def test_pages_overwritten_in_the_middle_are_noticed(tmp_path):
    with Store(tmp_path) as store:
        for key in range(300):
            store.put(str(key), TRIAL, RESULT)
    content = bytearray((tmp_path / FILE).read_bytes())
    content[4096 * 5 : 4096 * 15] = b"\xff" * 4096 * 10
    (tmp_path / FILE).write_bytes(bytes(content))
    with pytest.raises(InvalidInput, match="damaged"):
        Store(tmp_path)


def test_another_programs_database_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / FILE) as theirs:
        theirs.execute("CREATE TABLE recipes (name)")
    theirs.close()
    before = (tmp_path / FILE).read_bytes()
    for use in (Store, set_aside):
        with pytest.raises(InvalidInput, match="another program"):
            use(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path):
    with Store(tmp_path) as store:
        store.put("a", TRIAL, RESULT)
        store._connection.execute("PRAGMA max_page_count = 4")
        long = replace(RESULT, train_loss=[0.1] * 10_000)
        with pytest.raises(InvalidInput, match="make room on the disk"):
            store.put("b", TRIAL, long)
    with Store(tmp_path) as store:
        assert store.get("a") == RESULT


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match=r"cannot be used.*--out"):
        Store(tmp_path / "file" / "inside")


def test_beginning_anew_keeps_what_was_stored(tmp_path):
    assert set_aside(tmp_path) is None
    with Store(tmp_path) as store:
        store.put("a", TRIAL, RESULT)
    old = set_aside(tmp_path)
    assert old is not None
    (tmp_path / "there").mkdir()
    old.rename(tmp_path / "there" / FILE)
    with Store(tmp_path) as new, Store(tmp_path / "there") as kept:
        assert new.get("a") is None
        assert kept.get("a") == RESULT
