"""One experiment from settings to record: measure, judge, show."""

from __future__ import annotations

import time
from dataclasses import fields
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from nonlin.lab.experiment import find
from nonlin.lab.progress import Progress, unwatched
from nonlin.lab.record import Record
from nonlin.lab.settings import Resolve, filled, spelled
from nonlin.machine import versions

COMPUTING = ("nonlin", "numpy", "numba")


def run(name: str, *, progress: Progress = unwatched, resolve: Resolve | None = None, **given: Any) -> Record:
    """Return the record of an experiment; the same settings give the same numbers (but for times).

    Parameters
    ----------
    name : str
        Such as "vanishing-gradient"; see `nonlin.lab.names`.
    progress : callable, optional
        Called with the steps done and all there are.
    resolve : callable, optional
        Which activation a word means; `nonlin.get` without it.
    **given
        Settings of the experiment, as values or as words for them.

    Raises
    ------
    InvalidInput
        If there is no such experiment or setting, or a value cannot be used.

    Examples
    --------
    >>> run("one-neuron", activation="tanh").settings["activation"]
    'tanh'
    """
    experiment = find(name)
    settings = filled(experiment.settings, given, resolve)
    begun = time.perf_counter()
    # What overflows is an answer, told by the verdict. BLAS in one thread gives the same bits everywhere, and small
    # products took 20 times as long where its threads waited for each other on shared cores.
    with np.errstate(all="ignore"), threadpool_limits(limits=1, user_api="blas"):
        numbers = experiment.measure(settings, progress)
    seconds = time.perf_counter() - begun
    verdict = experiment.judge(numbers)
    return Record(
        experiment.name,
        experiment.question,
        experiment.criterion,
        {one.name: in_words(given.get(one.name), getattr(settings, one.name)) for one in fields(settings)},
        numbers,
        verdict.answer,
        verdict.sentence,
        verdict.holds,
        experiment.show(numbers),
        versions(COMPUTING),
        seconds,
    )


def in_words(given: Any, value: Any) -> str:
    """Return the words that a person typed, else those that mean the value."""
    return given.strip() if isinstance(given, str) else spelled(value)
