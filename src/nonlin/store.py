"""What is remembered between processes: small files in the user's cache folder, each proved whole when read.

A file is named by a hash of all that its content depends on, is written beside its place and moved there, and
begins with its own checksum: neither a concurrent process nor an interrupted write can do harm. Where nothing
can be written, or a file is damaged, things are computed anew.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import TypeVar

VARIABLE = "NONLIN_CACHE"
SUFFIX, UNFINISHED = ".nonlin", ".nonlin-part"
UNUSED = 30 * 86400  # seconds after which a file is removed: other versions of nonlin leave theirs behind
MOST = 4096  # files; beyond, those that were used least recently are removed
EVERY = 256  # writes of a process between two looks at the folder
DAY = 86400

T = TypeVar("T")

_writes = count()


def folder() -> Path | None:
    """Return where files are kept: NONLIN_CACHE, else the user's cache folder; None if it is set to nothing."""
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return Path(chosen) if chosen else None
    base = os.environ.get("XDG_CACHE_HOME") or _platform_folder()
    try:
        return Path(base).expanduser() / "nonlin"
    except RuntimeError:  # nobody's home
        return None


def _platform_folder() -> str:
    places = {"darwin": "~/Library/Caches", "win32": os.environ.get("LOCALAPPDATA", "~/AppData/Local")}
    return places.get(sys.platform, "~/.cache")


def name_of(*dependencies: str) -> str:
    """Return the name of the file whose content depends on these texts and on nothing else."""
    told = "\0".join([platform.python_version(), platform.machine(), *dependencies])
    return hashlib.sha256(told.encode()).hexdigest()[:40] + SUFFIX


@cache
def sources(*parts: str) -> str:
    """Return a hash of the source of these folders and files of nonlin."""
    root, told = Path(__file__).parent, hashlib.sha256()
    for part in parts:
        for path in sorted((root / part).rglob("*.py")) or [root / part]:
            told.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    return told.hexdigest()


@cache
def versions(*distributions: str) -> str:
    """Return the versions of installed libraries, without importing them."""
    return ", ".join(map(_version, distributions))


def _version(distribution: str) -> str:
    """Return the version as the folder beside the library tells it; to import what reads it takes 25 ms."""
    start = distribution.replace("-", "_") + "-"
    for name in _installed():
        if name.startswith(start):
            return name
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"{distribution} {version(distribution)}"
    except PackageNotFoundError:
        return f"no {distribution}"


@cache
def _installed() -> tuple[str, ...]:
    found: list[str] = []
    for place in sys.path:
        with suppress(OSError):
            found += (p.name for p in Path(place or ".").iterdir() if p.name.endswith(".dist-info"))
    return tuple(found)


def read(name: str) -> bytes | None:
    """Return what was written under that name, None if there is nothing or it is not whole."""
    home = folder()
    if home is None:
        return None
    try:
        checksum, _, content = (home / name).read_bytes().partition(b"\n")
    except OSError:
        return None
    if checksum != _checksum(content):
        return None
    with suppress(OSError):
        _mark_as_used(home / name)
    return content


def write(name: str, content: bytes) -> None:
    """Keep that content under that name, if the disk lets us."""
    home = folder()
    if home is None:
        return
    beside = home / f"{name}.{os.getpid()}-{threading.get_ident()}{UNFINISHED}"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.write_bytes(_checksum(content) + b"\n" + content)
        beside.replace(home / name)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        return
    if next(_writes) % EVERY == 0:
        with suppress(OSError):
            tidy(home)


def remembered(name: str, make: Callable[[], T]) -> T:
    """Return plain data that is kept under that name, else made now and kept."""
    kept = read(name)
    if kept is not None:
        return pickle.loads(kept)  # type: ignore[no-any-return]
    made = make()
    write(name, pickle.dumps(made))
    return made


def tidy(home: Path) -> None:
    """Remove files of ours that were not used for long, and the oldest where there are too many."""
    times = []
    for path in home.iterdir():
        if path.name.endswith((SUFFIX, UNFINISHED)):
            with suppress(OSError):
                times.append((path.stat().st_mtime, path))
    newest_first = sorted(times, reverse=True)
    for i, (used, path) in enumerate(newest_first):
        if i >= MOST or used < time.time() - UNUSED:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _mark_as_used(path: Path) -> None:
    if path.stat().st_mtime < time.time() - DAY:
        os.utime(path)


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
