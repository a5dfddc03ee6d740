"""A person's file runs in a process of its own: whatever it does there is one clear line, and nothing outlives it."""

from __future__ import annotations

import os
import sys
import time

import pytest

from nonlin.errors import InvalidInput
from nonlin.exercises import check

posix = pytest.mark.skipif(sys.platform == "win32", reason="limits of memory need a POSIX system")


@pytest.fixture
def answer(tmp_path, monkeypatch):
    """Check a file with these lines as an answer to the exercise relu."""
    monkeypatch.chdir(tmp_path)

    def checked(text: str, name: str = "relu", seconds: int = 10):
        (tmp_path / "mine.py").write_text(text)
        return check(name, "mine.py", seconds)

    return checked


RIGHT = "def relu(x):\n    return max(0.0, x)\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("def relu(x:\n    return x\n", "mine.py: SyntaxError in line 1: "),
        ("x = 1\nimport no_such_thing\n", "mine.py: ModuleNotFoundError in line 2: No module named 'no_such_thing'"),
        ("raise SystemExit(0)\n", "mine.py: SystemExit in line 1: 0"),
        ("def relo(x):\n    return x\n", "mine.py has no function 'relu'. Did you mean 'relo'?"),
        ("relu = 3\n", "mine.py: 'relu' is of type int, not a function"),
        ("import os\ndef relu(x):\n    os._exit(3)\n", "mine.py: relu(-3.0) ended the process with exit code 3"),
        ("import os\ndef relu(x):\n    os._exit(0)\n", "mine.py: relu(-3.0) ended the process"),
        ("import os\nos._exit(1)\n", "mine.py: importing it ended the process with exit code 1"),
        pytest.param(
            "import os\ndef relu(x):\n    os.abort()\n", "mine.py: relu(-3.0) ended the process by SIGABRT", marks=posix
        ),
        pytest.param(
            "import ctypes\ndef relu(x):\n    ctypes.string_at(0)\n",
            "mine.py: relu(-3.0) ended the process by SIGSEGV",
            marks=posix,
        ),
        pytest.param(
            "def relu(x):\n    return len(bytearray(8 * 2**30))\n",
            "mine.py: relu(-3.0) needs more than 1 GB of memory",
            marks=posix,
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_run_to_its_end_is_one_line(answer, text, line) -> None:
    with pytest.raises(InvalidInput) as caught:
        answer(text)
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("def relu(x):\n    while True:\n        pass\n", "relu(-3.0)"),
        ("import time\ndef relu(x):\n    time.sleep(60)\n", "relu(-3.0)"),
        ("while True:\n    pass\n", "importing it"),
        (
            "def relu(x):\n    while True:\n        try:\n            raise ValueError\n        except BaseException:\n"
            "            pass\n",
            "relu(-3.0)",
        ),
    ],
)  # fmt: skip
def test_an_endless_loop_is_stopped(answer, text, where) -> None:
    with pytest.raises(InvalidInput) as caught:
        answer(text, seconds=1)
    told = f"mine.py: {where} took longer than 1 s and was stopped: is there a loop that does not end?"
    assert str(caught.value) == told


@posix
def test_a_slow_start_of_python_is_not_the_file_s_fault(answer, tmp_path, monkeypatch) -> None:
    """On a busy machine it was: "importing it took longer than 1 s"."""
    slow = tmp_path / "slow"
    slow.write_text(f'#!/bin/sh\nsleep 2\nexec {sys.executable} "$@"\n')
    slow.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(slow))
    assert answer(RIGHT, seconds=1).right


@posix
def test_nothing_that_the_file_started_outlives_it(answer, tmp_path) -> None:
    text = (
        "import subprocess, sys, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "pathlib.Path('child').write_text(str(child.pid))\n"
    )
    assert answer(text + RIGHT).right
    pid = int((tmp_path / "child").read_text())
    for _ in range(50):
        try:
            os.kill(pid, 0)
            state = (tmp_path / f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return
        if state == "Z":  # killed, and nobody has asked for it yet
            return
        time.sleep(0.1)
    raise AssertionError("the child is still there")


def test_a_file_that_is_not_there(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        InvalidInput, match=r"^mine\.py is not there; nonlin exercise relu --starter > mine\.py makes"
    ):
        check("relu", "mine.py")


def test_a_missing_constant_is_called_one(answer) -> None:
    with pytest.raises(InvalidInput, match=r"mine\.py has no constant 'AT_ALPHA_0'"):
        answer("def leaky_relu(x, alpha):\n    return x if x > 0 else alpha * x\n", "leaky_relu")


@pytest.mark.parametrize(
    ("returned", "got", "hint"),
    [
        ("None", "None", "lack a return"),
        ("object()", "something of type object", "Give a number"),
        ("'0'", "0", "keeps the larger"),
        ("[x, x]", "[-3, -3]", "keeps the larger"),
        ("[[1], [2, 3]]", "[1] and [2, 3]", "keeps the larger"),
        ("1j", "something of type complex", "Give a number"),
        ("float('nan')", "nan", "keeps the larger"),
        ("__import__('numpy').zeros(10**6)", "an array of shape (1000000,)", "Give a number"),
        ("1 / 0", "ZeroDivisionError in line 2: division by zero", "keeps the larger"),
        ("relu(x)", "RecursionError in line 2: maximum recursion depth exceeded", "keeps the larger"),
        ("exit()", "SystemExit in line 2", "keeps the larger"),
        ("input()", "EOFError in line 2: EOF when reading a line", "keeps the larger"),
    ],
)  # fmt: skip
def test_whatever_a_function_returns_is_told(answer, returned, got, hint) -> None:
    verdict = answer(f"def relu(x):\n    return {returned}\n")
    assert not verdict.right
    assert verdict.got.startswith(got)
    assert hint in verdict.hint


def test_what_the_file_prints_is_kept_apart_and_short(answer) -> None:
    assert answer("print('hello')\n" + RIGHT).printed == "hello\n"
    assert len(answer("print('x' * 10**6)\n" + RIGHT).printed) == 2000


def test_a_file_may_import_its_neighbours_and_libraries(answer, tmp_path) -> None:
    (tmp_path / "exercise.py").write_text("def larger(a, b):\n    return max(a, b)\n")
    verdict = answer(
        "import numpy as np\nfrom exercise import larger\n\ndef relu(x):\n    return np.maximum(0.0, x)\n"
    )
    assert verdict.right
    assert answer("from exercise import larger\n\ndef relu(x):\n    return larger(0.0, x)\n").hint.endswith(
        "alone."
    )


def test_the_person_s_process_is_not_this_one(answer) -> None:
    answer("import os\nos.environ['NONLIN_TOUCHED'] = '1'\nimport math\nmath.pi = 3\n" + RIGHT)
    import math

    assert "NONLIN_TOUCHED" not in os.environ
    assert math.pi > 3.1
