"""A race: everyone takes turns in one process, in an order that rotates, until the time is over."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from statistics import median

Call = Callable[[], object]
Clock = Callable[[], float]

LEAST_TURNS, MOST_TURNS = 3, 101
LONG, FAR_BEHIND = 0.1, 3.0  # seconds; and times the middle of all: of such a call one turn must do
SHARE = 1.25  # of the mean time that all have taken: whoever took more sits out
SHORTEST = 2e-4  # seconds of one turn: shorter calls are repeated within it
SHORT = (
    5e-3  # seconds; a shorter call is made once, untimed, before each turn: it wakes threads, fills caches
)


@dataclass
class Runner:
    """One contestant at work: how many calls make a turn, and what its turns took."""

    call: Call
    clock: Clock
    seconds: list[float] = field(default_factory=list)
    spent: float = 0.0
    calls: int = 1
    first: float = 0.0
    led_in: bool = False

    def warm_up(self) -> None:
        """Time one call, and choose how many make a turn; where one is enough, this was the first."""
        self.first = took = self._timed(1)
        self.calls = min(max(1, math.ceil(SHORTEST / max(took, 1e-9))), 1000)
        self.led_in = took < SHORT
        if not self.led_in:
            self.seconds.append(took)
            self.spent = took

    def take_turn(self) -> None:
        """Time one turn, and keep the seconds of one call."""
        begun = self.clock()
        if self.led_in:
            self.call()
        self.seconds.append(self._timed(self.calls))
        self.spent += self.clock() - begun

    def _timed(self, calls: int) -> float:
        call, clock = self.call, self.clock
        begun = clock()
        for _ in range(calls):
            call()
        return (clock() - begun) / calls


def race(
    contestants: Mapping[str, Call],
    seconds: float,
    rest: Callable[[], object] = lambda: None,
    clock: Clock = time.perf_counter,
) -> dict[str, list[float]]:
    """Return the seconds of one call, turn by turn, for each contestant.

    Parameters
    ----------
    contestants : mapping of str to callable
        What is timed, by name; each has been called before.
    seconds : float
        When no further turn is begun, unless somebody has had fewer than three; one, of a long call that is
        far behind.
    rest : callable
        Called before each turn; on several threads it lets the last one's threads go to sleep.
    clock : callable
        Returns seconds.

    Notes
    -----
    Everyone gets about the same time, so what is slow takes fewer turns and what is
    compared closely takes many. Nobody is always first, nor always after the same one: the order rotates.
    """
    runners = {name: Runner(call, clock) for name, call in contestants.items()}
    begun = clock()
    for runner in runners.values():
        runner.warm_up()
    least = {name: least_turns(runner, runners) for name, runner in runners.items()}
    for turn in count():
        over = clock() - begun >= seconds
        due = [
            runners[name]
            for name in rotated(list(runners), turn)
            if len(runners[name].seconds) < least[name] or (not over and is_due(runners[name], runners))
        ]
        if not due:
            return {name: runner.seconds for name, runner in runners.items()}
        for runner in due:
            rest()
            runner.take_turn()
    raise AssertionError("unreachable")


def rotated(names: list[str], turn: int) -> list[str]:
    """Return the names in the order of that turn; every second turn runs backwards.

    Examples
    --------
    >>> rotated(["a", "b", "c"], 0), rotated(["a", "b", "c"], 1)
    (['a', 'b', 'c'], ['a', 'c', 'b'])
    """
    start = turn % len(names)
    order = names[start:] + names[:start]
    return order[::-1] if turn % 2 else order


def least_turns(runner: Runner, runners: Mapping[str, Runner]) -> int:
    """Return how many turns it has at least: a long call that is far behind need not be told from its like."""
    typical = median(r.first for r in runners.values())
    return 1 if runner.first > LONG and runner.first > FAR_BEHIND * typical else LEAST_TURNS


def is_due(runner: Runner, runners: Mapping[str, Runner]) -> bool:
    """Tell whether it takes a further turn: who has not used up a fair share of the time."""
    fair = SHARE * sum(r.spent for r in runners.values()) / len(runners)
    return len(runner.seconds) < MOST_TURNS and runner.spent <= fair


def middle(seconds: list[float]) -> tuple[float, float, float]:
    """Return the median, and the quartiles below and above it.

    Examples
    --------
    >>> middle([4.0, 1.0, 3.0, 2.0, 5.0])
    (3.0, 2.0, 4.0)
    """
    ordered = sorted(seconds)
    quarter = (len(ordered) - 1) // 4
    return median(ordered), ordered[quarter], ordered[-1 - quarter]
