"""One block: the compiled pass, which any thread may run, and the decisions by balls, which one thread makes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nonlin.certify.inputs import Inputs
from nonlin.certify.reference import Reference, reference
from nonlin.certify.subject import Subject
from nonlin.certify.tally import Extreme, Tally
from nonlin.certify.weighing import (
    INPUTS,
    NANS,
    NARROW,
    NEAR,
    NUMBERS_FOR_NAN,
    RIGHT,
    UNDECIDED,
    WRONG_ZEROS,
    Weighed,
    weigh,
)

SAMPLES = {True: 66, False: 18}  # where the reference is checked in a block, exhaustive or sampled
MOST_ASKED = 256  # roundings of a block that balls decide


@dataclass(frozen=True)
class Job:
    """A block that is ready for the compiled pass."""

    subject: Subject
    inputs: Inputs
    block: int
    references: dict[str, Reference]


@dataclass(frozen=True)
class Passed:
    """What the compiled pass found in a block; `differs` counts results of one pass unlike those of two."""

    job: Job
    found: dict[str, Weighed]
    differs: int


def prepared(subject: Subject, quantities: tuple[str, ...], inputs: Inputs, block: int) -> Job:
    """Check the references of a block against balls."""
    samples = SAMPLES[inputs.exhaustive]
    return Job(subject, inputs, block, {q: reference(subject, q, inputs, block, samples) for q in quantities})


@np.errstate(all="ignore")
def run(job: Job) -> Passed:
    """Compute and weigh every result of a block."""
    subject = job.subject
    found = {q: Weighed(most_asked=MOST_ASKED) for q in job.references}
    spans = {q: subject.spans(q) for q in found}
    differs = 0
    for x in job.inputs.chunks(job.block):
        together = dict(zip(("value", "slope"), subject.measured.value_and_grad(x), strict=True))
        for quantity, weighed in found.items():
            got, ref = subject.compute(quantity)(x), job.references[quantity]
            differs += int(np.count_nonzero(_bits(got) != _bits(together[quantity])))
            weigh(weighed, subject.form, x, got, *ref.evaluate(x), ref.margin, spans[quantity])
    return Passed(job, found, differs)


def decided(passed: Passed) -> dict[str, Tally]:
    """Let balls decide what the pass could not, and confirm the worst error."""
    return {q: _decided(passed.job, q, weighed) for q, weighed in passed.found.items()}


def _decided(job: Job, quantity: str, found: Weighed) -> Tally:
    subject, counts = job.subject, found.counts
    asked = np.array(found.asked, subject.form.dtype)
    results = subject.compute(quantity)(asked) if asked.size else asked
    truth, form = subject.truth(quantity), subject.form
    right = undecided = 0
    confirmed = [extreme(job.subject, quantity, at) for at in found.worst_at[found.worst >= 0]]
    for at, got in zip(asked, results, strict=True):
        rounded = truth.rounded(float(at), form)
        undecided += rounded is None
        right += rounded is not None and rounded == form.exactly(float(got))
        if _was_blind(subject, float(got)):
            confirmed.append(extreme(subject, quantity, float(at)))
    ref = job.references[quantity]
    away, near = (max(float(w), 0.0) for w in found.worst)
    seen = max((e.ulp for e in confirmed), default=0.0)
    return Tally(
        inputs=int(counts[INPUTS]),
        right=int(counts[RIGHT]) + right,
        by_balls=len(asked) - undecided,
        undecided=int(counts[UNDECIDED]) + undecided,
        nans=int(counts[NANS]),
        wrong_zeros=int(counts[WRONG_ZEROS]),
        numbers_for_nan=int(counts[NUMBERS_FOR_NAN]),
        at_most=max(away, near, seen),
        worst=max(confirmed, key=lambda e: (e.ulp, -e.at), default=None),
        away_at_most=max([away, *(e.ulp for e in confirmed if not _is_near(subject, quantity, e.at))]),
        near_at_most=max([near, *(e.ulp for e in confirmed if _is_near(subject, quantity, e.at))]),
        near_size_at_most=max(float(found.size[NEAR]), 0.0),
        near_size_at=float(found.size_at[NEAR]),
        reference_error=ref.measured,
        samples=ref.samples,
    )


def extreme(subject: Subject, quantity: str, at: float) -> Extreme:
    """Return the error at one input, by balls."""
    got = float(subject.compute(quantity)(subject.form.dtype.type(at)))
    truth = subject.truth(quantity)
    ulp, size = truth.error(float(at), got, subject.form)
    return Extreme(ulp, size, float(at), got, truth.told(float(at)))


def _was_blind(subject: Subject, got: float) -> bool:
    """Tell whether the pass put a result on the list without a narrow bound of its error."""
    return subject.form.name == "float32" or abs(got) < 2 * NARROW or not np.isfinite(got)


def _is_near(subject: Subject, quantity: str, at: float) -> bool:
    return any(low <= at <= high for low, high in subject.spans(quantity))


def _bits(array: np.ndarray) -> np.ndarray:
    return array.view(f"u{array.dtype.itemsize}")
