"""A person's own object, written `package.module:name` and found from the working directory."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from nonlin.errors import InvalidInput, NonlinError, did_you_mean

T = TypeVar("T")


def load(spec: str) -> Any:
    """Return the object that `package.module:name` means; the working directory is importable meanwhile.

    Raises
    ------
    InvalidInput
        If there is no such module or name, or the module fails while it is imported.
    """
    module_name, _, name = spec.partition(":")
    if not module_name or not name:
        raise InvalidInput(f"{spec!r} is not of the form package.module:name, such as my_models:network")
    module = _module(module_name, spec)
    found: Any = module
    for part in name.split("."):
        if not hasattr(found, part):
            known = [word for word in vars(found) if not word.startswith("_")]
            raise InvalidInput(
                f"{module_name} has no {name!r} (asked for by {spec!r}).{did_you_mean(part, known)}"
            )
        found = getattr(found, part)
    return found


def _module(name: str, spec: str) -> Any:
    with _working_directory_importable():
        if not _exists(name):
            raise InvalidInput(
                f"there is no module {name!r} (asked for by {spec!r}); it is looked for in {Path.cwd()} "
                "and among the installed packages"
            )
        return in_their_code(f"importing {name!r}", lambda: importlib.import_module(name))


def _exists(name: str) -> bool:
    package = name.rpartition(".")[0]
    if package and not _exists(package):
        return False
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


@contextmanager
def _working_directory_importable() -> Iterator[None]:
    here = str(Path.cwd())
    sys.path.insert(0, here)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(here)


def in_their_code(doing: str, call: Callable[[], T], owner: Any = None) -> T:
    """Run a piece of the person's code; if it fails, say what failed, how, and in which line of theirs.

    Parameters
    ----------
    doing : str
        What is being done, for the message.
    call : callable
    owner : object, optional
        Theirs; where it is defined is said if no line of theirs was running.

    Raises
    ------
    InvalidInput
        With the exception's type and message, and the file and line it came from.
    """
    try:
        return call()
    except NonlinError:
        raise
    except Exception as error:
        message = " ".join(str(error).split())
        told = f"{type(error).__name__}: {message}" if message else type(error).__name__
        raise InvalidInput(f"{doing} failed with {told} ({_their_line(error, owner)})") from error


def _their_line(error: Exception, owner: Any) -> str:
    """Return `file:line` of the last frame that is neither ours nor an installed library's."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [frame for frame in frames if not _is_library(frame.filename)]
    code = getattr(owner, "__code__", None)
    if code and not theirs:
        return f"{code.co_filename}:{code.co_firstlineno}"
    last = (theirs or frames)[-1]
    return f"{last.filename}:{last.lineno}"


def _is_library(filename: str) -> bool:
    ours = Path(__file__).parents[1]
    path = Path(filename)
    in_library = "site-packages" in path.parts or path.is_relative_to(sys.base_prefix)
    return in_library or path.is_relative_to(ours) or filename.startswith("<")


def source_of(value: Any) -> str:
    """Return the text of the file that defines an object, or nothing if it has none."""
    module = sys.modules.get(getattr(value, "__module__", None) or "")
    path = getattr(module, "__file__", None)
    return Path(path).read_text(errors="replace") if path else ""
