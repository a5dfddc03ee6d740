"""How many times faster nonlin is: ratios of a record's medians, and their geometric means."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from nonlin.bench.ours import GRADES
from nonlin.bench.record import Case, Record, Result
from nonlin.bench.rivals import FLOOR

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True)
class Ratio:
    """A rival's time over ours: above 1, nonlin is faster. Like with like: the same case for both."""

    case: Case
    ours: str
    rival: str
    ratio: float


def ratios(record: Record) -> Iterator[Ratio]:
    """Yield each of our ways against each rival, case by case."""
    for result in record.results:
        for ours in filter(is_ours, result.timings):
            for rival in result.timings:
                if not is_ours(rival):
                    yield Ratio(result.case, ours, rival, _ratio(result, rival, ours))


def is_ours(contestant: str) -> bool:
    """Tell whether it is one of nonlin's ways."""
    return contestant.split()[0] in GRADES


def against_libraries(all_of_them: Iterable[Ratio]) -> list[Ratio]:
    """Return the ratios without the copy, which computes nothing."""
    return [one for one in all_of_them if one.rival != FLOOR]


def behind(all_of_them: Iterable[Ratio]) -> list[Ratio]:
    """Return the comparisons that nonlin loses, the worst first."""
    return sorted((one for one in against_libraries(all_of_them) if one.ratio < 1), key=lambda one: one.ratio)


def means(some: Iterable[Ratio], group: Callable[[Ratio], Group]) -> dict[Group, float]:
    """Return the geometric mean of the ratios in each group.

    Examples
    --------
    >>> case = Case("gelu", "value", 16, None, "fresh", 1)
    >>> means([Ratio(case, "exact", "torch", 1.0), Ratio(case, "exact", "torch", 4.0)], lambda r: r.rival)
    {'torch': 2.0}
    """
    logarithms: dict[Group, list[float]] = defaultdict(list)
    for one in some:
        logarithms[group(one)].append(math.log(one.ratio))
    return {key: math.exp(math.fsum(each) / len(each)) for key, each in logarithms.items()}


def _ratio(result: Result, rival: str, ours: str) -> float:
    return result.timings[rival].median / result.timings[ours].median
