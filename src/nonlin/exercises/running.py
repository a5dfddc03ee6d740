"""A person's file, run in a process of its own with a limit of time and memory; what it said, or one clear line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np

from nonlin.errors import InvalidInput, did_you_mean
from nonlin.exercises.exercise import Ask, Exercise
from nonlin.exercises.runner import encoded

RUNNER = Path(__file__).with_name("runner.py")
SECONDS = 10
LOADING = 60  # seconds that Python and NumPy may take before the file begins
STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}
QUIET = {"over": "ignore", "invalid": "ignore", "divide": "ignore"}


@dataclass(frozen=True)
class Raised:
    """An exception that a call ended in."""

    type: str
    words: str
    line: int | None

    def __str__(self) -> str:
        at = f" in line {self.line}" if self.line else ""
        return f"{self.type}{at}" + (f": {self.words}" if self.words else "")


@dataclass(frozen=True)
class Strange:
    """A result that is no number, text, or array of numbers: of which type, or how large."""

    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Ran:
    """What a file did.

    Attributes
    ----------
    results : tuple of tuple
        For each Ask: what was got in each case (a constant has one).
    printed : str
    """

    results: tuple[tuple[Any, ...], ...]
    printed: str


def run(name: str, exercise: Exercise, path: Path, seconds: int = SECONDS) -> Ran:
    """Run a person's file and return what it gives for everything that is asked.

    Raises
    ------
    InvalidInput
        If there is no such file, it cannot be imported, lacks a function, takes too long or too much memory, or
        ends the process; in one line.
    """
    if not path.is_file():
        raise InvalidInput(
            f"{path} is not there; nonlin exercise {name} --starter > {path} makes a file to begin with"
        )
    with tempfile.TemporaryDirectory() as folder:
        request, report, output = (
            Path(folder) / name for name in ("request.json", "report.jsonl", "printed.txt")
        )
        request.write_text(json.dumps(_request(exercise, path, seconds)), encoding="utf-8")
        code = _in_a_process_of_its_own([str(request), str(report)], output, seconds)
        said = _lines(report)
        printed = output.read_text(encoding="utf-8", errors="replace")
        return Ran(_results(exercise, path, said, code, seconds), printed)


def _request(exercise: Exercise, path: Path, seconds: int) -> dict[str, Any]:
    return {
        "path": str(path.resolve()),
        "seconds": seconds,
        "floats": STRICT if exercise.raises_on_overflow else QUIET,
        "asks": [
            {
                "name": ask.name,
                "constant": not ask.cases,
                "cases": [[encoded(argument) for argument in case] for case in ask.cases],
            }
            for ask in exercise.asks
        ],
    }


def _in_a_process_of_its_own(words: Sequence[str], output: Path, seconds: int) -> int | None:
    """Return the exit code, None if the time was up; nothing that it has started outlives it."""
    alone = {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "Agg",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-P", str(RUNNER), *words],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env={**os.environ, **alone},
            start_new_session=True,
        )
        try:
            _await_its_beginning(process, Path(words[1]))
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process)


def _await_its_beginning(process: subprocess.Popen[bytes], report: Path) -> None:
    """Wait until Python and NumPy are loaded and the report is opened: the file's time begins there."""
    latest = monotonic() + LOADING
    while not report.exists() and process.poll() is None and monotonic() < latest:
        sleep(0.005)


def _end(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _lines(report: Path) -> list[dict[str, Any]]:
    """Return what was reported; a last line that was cut off does not count."""
    if not report.exists():
        return []
    whole = report.read_text(encoding="utf-8").split("\n")[:-1]
    return [json.loads(line) for line in whole]


def _results(
    exercise: Exercise, path: Path, said: Sequence[dict[str, Any]], code: int | None, seconds: int
) -> tuple[tuple[Any, ...], ...]:
    doing = next((line for line in reversed(said) if "doing" in line), {"doing": "import"})
    where = _where(exercise, doing)
    if any("raised" in line for line in said) and doing["doing"] == "import":
        raise InvalidInput(f"{path}: {_raised(next(line['raised'] for line in said if 'raised' in line))}")
    for line in said:
        if "missing" in line:
            asked = [ask.name for ask in exercise.asks]
            near = did_you_mean(line["missing"], [name for name in line["has"] if name not in asked])
            raise InvalidInput(f"{path} has no {_kind(exercise, line['missing'])} {line['missing']!r}.{near}")
        if "no_function" in line:
            raise InvalidInput(f"{path}: {line['no_function']!r} is of type {line['type']}, not a function")
    if code is None or code == -getattr(signal, "SIGXCPU", 0):
        raise InvalidInput(
            f"{path}: {where} took longer than {seconds} s and was stopped: is there a loop that does not end?"
        )
    got = [line for line in said if "got" in line or "raised" in line]
    if code != 0 or len(got) != sum(len(ask.cases) or 1 for ask in exercise.asks):
        raise InvalidInput(f"{path}: {where} ended the process{_how(code)}")
    for doing, line in pairwise(said):
        if line.get("raised", {}).get("type") == "MemoryError":
            raise InvalidInput(f"{path}: {_where(exercise, doing)} needs more than 1 GB of memory")
    return tuple(_by_ask(exercise, got))


def _by_ask(exercise: Exercise, got: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    rest, found = list(got), []
    for ask in exercise.asks:
        count = len(ask.cases) or 1
        found.append(
            tuple(
                _raised(line["raised"]) if "raised" in line else _value(line["got"]) for line in rest[:count]
            )
        )
        rest = rest[count:]
    return found


def _raised(told: dict[str, Any]) -> Raised:
    return Raised(told["type"], told["words"], told["line"])


def _value(told: dict[str, Any]) -> Any:
    if "value" in told:
        return told["value"]
    if "several" in told:
        return tuple(_value(each) for each in told["several"])
    if "array" in told:
        return np.array(told["array"]).reshape(told["shape"])
    if "large" in told:
        return Strange(f"an array of shape {tuple(told['large'])}")
    return Strange(f"something of type {told['type']}")


def _where(exercise: Exercise, doing: dict[str, Any]) -> str:
    if doing["doing"] == "import":
        return "importing it"
    ask = next(ask for ask in exercise.asks if ask.name == doing["doing"])
    return called(ask, ask.cases[doing["case"]])


def called(ask: Ask, case: Sequence[Any]) -> str:
    """Return a call as it would be typed; a large array by its shape.

    Examples
    --------
    >>> called(Ask("relu", None, ""), (-3.0,))
    'relu(-3.0)'
    """
    return f"{ask.name}({', '.join(map(argument, case))})"


def argument(value: Any) -> str:
    """Return an argument as it would be typed, numbers to six digits; a large array by its shape.

    Examples
    --------
    >>> argument(np.array([[1.0, -2.5]])), argument("relu"), argument(np.zeros((5, 5)))
    ('[[1, -2.5]]', "'relu'", '<array of shape (5, 5)>')
    """
    if isinstance(value, list):
        return f"[{', '.join(map(argument, value))}]"
    if not isinstance(value, np.ndarray):
        return repr(value)
    if value.size > 12:
        return f"<array of shape {value.shape}>"
    return _typed(value.tolist())


def _typed(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_typed, value))}]"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _kind(exercise: Exercise, name: str) -> str:
    return "function" if next(ask for ask in exercise.asks if ask.name == name).cases else "constant"


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        with suppress(ValueError):
            return f" by {signal.Signals(-code).name}"
    return f" with exit code {code}" if code else ""
