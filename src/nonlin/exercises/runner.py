"""Runs a person's file by itself: python -P runner.py REQUEST REPORT. It imports nothing of nonlin."""

from __future__ import annotations

import importlib.util
import json
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import numpy as np

LARGEST = 100_000  # numbers in one result
BEYOND = 2**30  # bytes of memory that an answer may take on top of Python and NumPy


def main(request: str, report: str) -> None:
    """Do what a request asks, and report line by line, so that nothing said is lost in a crash."""
    asked = json.loads(Path(request).read_text(encoding="utf-8"))
    with Path(report).open("w", encoding="utf-8") as file:

        def say(**told: Any) -> None:
            file.write(json.dumps(told) + "\n")
            file.flush()

        limit(asked["seconds"])
        with np.errstate(**asked["floats"]):
            module = loaded(asked["path"], say)
            if module is not None:
                answer(module, asked, say)


def limit(seconds: int) -> None:
    """Bound processor time, memory and the size of files, where the system can."""
    try:
        import resource
    except ImportError:  # Windows: only the clock of the process that waits
        return
    bounds = {"RLIMIT_CPU": seconds + 1, "RLIMIT_FSIZE": 2**24, "RLIMIT_CORE": 0}
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        bounds["RLIMIT_AS"] = pages * resource.getpagesize() + BEYOND
    for name, bound in bounds.items():
        with suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, name), (bound, bound))


class Anew(SourceFileLoader):
    """Compiles each time: bytecode kept beside a file that is changed within the same second would be the old one."""

    def path_stats(self, path: str) -> Mapping[str, Any]:
        """Know no time of change, without which no bytecode is taken or kept."""
        raise OSError


def loaded(path: str, say: Any) -> Any:
    """Import the person's file; say what is wrong with it."""
    sys.path.insert(0, str(Path(path).parent))
    spec = importlib.util.spec_from_file_location("answer", path, loader=Anew("answer", path))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    say(doing="import")
    try:
        spec.loader.exec_module(module)
    except BaseException as error:  # SystemExit too: a file that ends the process is no answer
        say(raised=told(error, path))
        return None
    return module


def answer(module: Any, asked: Mapping[str, Any], say: Any) -> None:
    """Call each function in each case."""
    for ask in asked["asks"]:
        if not hasattr(module, ask["name"]):
            say(missing=ask["name"], has=[n for n in vars(module) if not n.startswith("_")])
            return
        found = getattr(module, ask["name"])
        if ask["constant"]:
            say(got=encoded(found))
        elif not callable(found):
            say(no_function=ask["name"], type=type(found).__name__)
            return
        else:
            call(found, ask, asked["path"], say)


def call(function: Any, ask: Mapping[str, Any], path: str, say: Any) -> None:
    """Call a function in each case, and say what came of it."""
    for index, case in enumerate(ask["cases"]):
        say(doing=ask["name"], case=index)
        try:
            said = {"got": encoded(function(*map(decoded, case)))}
        except BaseException as error:
            said = {"raised": told(error, path)}
        say(**said)


def told(error: BaseException, path: str) -> dict[str, Any]:
    """Return an error as its kind, its words, and the last line of the person's file that it passed."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
    if isinstance(error, SyntaxError) and error.filename == path:
        return {"type": type(error).__name__, "words": str(error.msg), "line": error.lineno}
    words = " ".join(str(error).split())[:200]
    return {"type": type(error).__name__, "words": words, "line": lines[-1] if lines else None}


def encoded(value: Any) -> Any:
    """Return a value as JSON knows it; what is no number, text, or array of numbers as its type."""
    if value is None or isinstance(value, bool | int | float | str):
        return {"value": value} if not isinstance(value, str) else {"value": value[:1000]}
    if isinstance(value, tuple | list) and not all(isinstance(v, bool | int | float) for v in value):
        return {"several": [encoded(each) for each in value[:100]]}
    try:
        array = np.asarray(value)
    except Exception:  # a list of lists of different lengths, a tensor that needs a gradient
        return {"type": type(value).__name__}
    if array.size > LARGEST:
        return {"large": list(array.shape)}
    if array.dtype.kind not in "biuf":
        return {"type": type(value).__name__}
    if isinstance(value, np.generic):
        return {"value": array.item()}
    return {
        "array": array.astype(bool if array.dtype.kind == "b" else float).tolist(),
        "shape": list(array.shape),
    }


def decoded(value: Any) -> Any:
    """Return an argument."""
    if isinstance(value, dict) and "array" in value:
        return np.array(value["array"], dtype=np.float64).reshape(value["shape"])
    if isinstance(value, dict):
        return [decoded(each) for each in value["several"]] if "several" in value else value["value"]
    return value


if __name__ == "__main__":
    main(*sys.argv[1:])
