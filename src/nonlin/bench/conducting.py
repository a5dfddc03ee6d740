"""The whole story: for each case, set everyone up, check that they agree, race them, and keep the record."""

from __future__ import annotations

import datetime
import gc
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

import numpy as np

import nonlin
from nonlin.bench import agreement, ours, rivals
from nonlin.bench.plan import Plan, cases, make_plan, shape
from nonlin.bench.race import middle, race
from nonlin.bench.record import Case, Record, Result, Timing
from nonlin.bench.rivals import Rival
from nonlin.bench.setting import Ready, Setting, draw, empty
from nonlin.machine import machine, versions

PAUSE = 2e-3  # seconds before each turn on several threads: others' waiting threads spin for about one


@dataclass(frozen=True)
class Progress:
    """How far the benchmark is."""

    done: int
    total: int
    seconds_left: float
    case: Case


@dataclass
class Findings:
    """What is gathered on the way."""

    results: list[Result] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    ungraded: dict[str, dict[str, None]] = field(default_factory=dict)
    complete: bool = False

    def note(self, sentence: str) -> None:
        """Keep a sentence, once."""
        self.notes[sentence] = None

    def sentences(self) -> Iterator[str]:
        """Yield everything to be said."""
        yield from self.notes
        for grade, names in self.ungraded.items():
            yield f"nonlin has no grade {grade} of: {', '.join(names)}."


def bench(plan: Plan | None = None, progress: Callable[[Progress], object] = lambda _: None) -> Record:
    """Return the measured times of nonlin and its rivals.

    Parameters
    ----------
    plan : Plan, optional
        From `make_plan`; without it, everything.
    progress : callable
        Called before each case.

    Notes
    -----
    An interruption (Ctrl-C) ends it early: the record then holds what was measured so far, and
    `record.complete` is False.
    """
    plan = plan or make_plan()
    begun, started = time.monotonic(), datetime.datetime.now(datetime.UTC)
    found = Findings()
    table = competing(plan, found)
    with quiet(table), interruptible() as check:
        try:
            measure_all(plan, table, found, progress, check)
            found.complete = True
        except KeyboardInterrupt:
            found.note("It was interrupted: what follows was measured until then.")
    return Record(
        command=plan.command,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - begun, 1),
        complete=found.complete,
        machine=machine(),
        versions=versions(("nonlin", "numba", *dict.fromkeys(n for r in table.values() for n in r.needs))),
        settings={**asdict(plan), "tolerance": agreement.TOLERANCE, "inputs": "normal draws of spread 3"},
        titles={name: rival.title for name, rival in table.items()},
        results=tuple(found.results),
        notes=tuple(found.sentences()),
    )


def competing(plan: Plan, found: Findings) -> dict[str, Rival]:
    """Return the rivals that are installed, and the copy; note the others, and what all must know."""
    table = {name: rivals.load(name) for name in (*plan.rivals, rivals.FLOOR)}
    for rival in table.values():
        if rival.missing:
            found.note(
                f"{rival.title} is left out: {', '.join(rival.missing)} not installed; "
                "pip install 'nonlin[bench]'"
            )
    present = {name: rival for name, rival in table.items() if not rival.missing}
    if max(plan.threads) > 1 and not ours.can_hold():
        found.note("nonlin itself uses one thread, whatever the others use.")
    one = [rival.title for name, rival in present.items() if not rival.many_threads and name != rivals.FLOOR]
    if one and max(plan.threads) > 1:
        found.note(f"{' and '.join(one)} use one thread, and take part only where one thread is compared.")
    for sentence in (sentence for rival in present.values() for sentence in rival.notes):
        found.note(sentence)
    return present


def measure_all(
    plan: Plan,
    table: dict[str, Rival],
    found: Findings,
    progress: Callable[[Progress], object],
    check: Callable[[], None],
) -> None:
    """Measure every case; each gets its share of the time that is left."""
    todo, arrays, begun = list(cases(plan)), cache(_arrays), time.monotonic()
    held, function = 0, ""
    for place, case in enumerate(todo):
        check()
        elapsed = time.monotonic() - begun
        left, ahead = max(0.0, plan.budget - elapsed), sum(map(weight, todo[place:]))
        behind = sum(map(weight, todo[:place]))
        progress(Progress(place, len(todo), max(left, elapsed * ahead / behind if behind else 0.0), case))
        if case.threads != held:
            for hold in holders(table):
                hold(case.threads)
            held = case.threads
        if case.function != function:
            gc.collect(1)  # what was made since; the libraries themselves are many and stay
            function = case.function
        share = left * weight(case) / ahead
        measure(case, plan, table, found, arrays(shape(case)), share)


def weight(case: Case) -> float:
    """Return how much of the time a case gets: large arrays more."""
    return 1 + case.values / 2**22


def measure(
    case: Case, plan: Plan, table: dict[str, Rival], found: Findings, arrays: Any, seconds: float
) -> None:
    """Set up, check and race one case; without one of ours there is nothing to compare."""
    begun = time.monotonic()
    x, g, *outputs = arrays
    setting = Setting(
        nonlin.get(case.function),
        case.task,
        x,
        g,
        tuple(outputs[: 1 + (case.task == "gradient")]) if case.output == "reused" else None,
        case.threads,
    )
    mine = own(setting, plan.grades, found)
    if not mine:
        return
    contestants = agreeing(setting, {**mine, **theirs(setting, table, found)}, found)
    rest = (lambda: time.sleep(PAUSE)) if case.threads > 1 else (lambda: None)
    left = seconds - (time.monotonic() - begun)
    timed = race({name: ready.call for name, ready in contestants.items()}, left, rest)
    found.results.append(Result(case, {name: timing(turns) for name, turns in timed.items()}))


def own(setting: Setting, grades: tuple[str, ...], found: Findings) -> dict[str, Ready]:
    """Return our contestants; remember the grades that the activation has not."""
    contestants: dict[str, Ready] = {}
    for grade in grades:
        ready = ours.set_up(setting, grade)
        if not ready:
            found.ungraded.setdefault(grade, {})[setting.name] = None
        contestants |= ready
    return contestants


def theirs(setting: Setting, table: dict[str, Rival], found: Findings) -> dict[str, Ready]:
    """Return the rivals that can do this; whoever fails to be set up is left out and said."""
    contestants = {}
    for name, rival in table.items():
        if setting.threads > 1 and not rival.many_threads and name != rivals.FLOOR:
            continue
        try:
            ready = rival.set_up(setting)
        except Exception as reason:  # another library's, of any kind
            found.note(f"{rival.title} could not be set up for {setting.name}: {_one_line(reason)}")
            continue
        if ready:
            contestants[name] = ready
    return contestants


def agreeing(setting: Setting, contestants: dict[str, Ready], found: Findings) -> dict[str, Ready]:
    """Return the contestants that compute the same function; note the others. The copy computes nothing."""
    kept, wanted = {}, ours.expected(setting, agreement.spread(setting.x))
    for name, ready in contestants.items():
        wrong = None if name == rivals.FLOOR else agreement.disagreement(setting, ready, wanted)
        if wrong:
            title = rivals.load(name).title if name in rivals.names() else f"nonlin {name}"
            found.note(f"{title} is left out of {setting.name} ({setting.task}): {wrong}")
        else:
            kept[name] = ready
    return kept


def holders(table: dict[str, Rival]) -> list[Callable[[int], int]]:
    """Return what sets everyone's number of threads."""
    return [ours.hold, *(rival.hold for rival in table.values())]


@contextmanager
def quiet(table: dict[str, Rival]) -> Iterator[None]:
    """Keep the garbage collector and NumPy's warnings away; at the end everyone has their threads back."""
    collecting, before = gc.isenabled(), [hold(1) for hold in holders(table)]
    gc.disable()
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        if collecting:
            gc.enable()
        for hold, threads in zip(holders(table), before, strict=True):
            hold(threads)


@contextmanager
def interruptible() -> Iterator[Callable[[], None]]:
    """Give what raises KeyboardInterrupt after a Ctrl-C, as one that falls into a compiler's callback is lost."""
    pressed = []

    def press(signum: int, frame: Any) -> None:
        pressed.append(signum)
        raise KeyboardInterrupt

    def check() -> None:
        if pressed:
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield check
        return
    before = signal.signal(signal.SIGINT, press)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)


def _arrays(shape: tuple[int, ...]) -> Any:
    return draw(shape, seed=1), draw(shape, seed=2), empty(shape), empty(shape)


def timing(seconds: list[float]) -> Timing:
    """Return the median and the quartiles of the turns, each with the four digits that it has."""
    median, low, high = (float(f"{number:.4g}") for number in middle(seconds))
    return Timing(median, low, high, len(seconds))


def _one_line(reason: BaseException) -> str:
    return " ".join(str(reason).split())[:160] or type(reason).__name__
