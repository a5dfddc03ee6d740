"""nonlin beside other libraries: the same functions on the same arrays, in one process, taking turns."""

from nonlin.bench.conducting import Progress, bench
from nonlin.bench.plan import Plan, make_plan
from nonlin.bench.record import Case, Record, Result, Timing

__all__ = ["Case", "Plan", "Progress", "Record", "Result", "Timing", "bench", "make_plan"]
