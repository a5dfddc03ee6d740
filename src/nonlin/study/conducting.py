"""Run a plan: what is stored is taken, what is missing is trained and stored at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nonlin.errors import InvalidInput
from nonlin.study.plan import Plan, make_plan
from nonlin.study.protocol import choose_rate, final_trials, tuning_trials
from nonlin.study.results import Outcome, assemble, refuse_foreign, write
from nonlin.study.settings import ACTIVATIONS, Settings
from nonlin.study.store import Store, set_aside
from nonlin.study.table import table
from nonlin.study.training import Trial, TrialResult, run


@dataclass(frozen=True)
class Progress:
    """How far a study is.

    Attributes
    ----------
    trial : Trial
        The one that has just been finished or found.
    done, total : int
        Trials, the stored ones included.
    found : int
        How many were found in the store.
    seconds_left : float
        An estimate from the trials trained by this process; 0 if there are none.
    """

    trial: Trial
    done: int
    total: int
    found: int
    seconds_left: float


@dataclass(frozen=True, repr=False)
class Study:
    """A finished study.

    Attributes
    ----------
    results : dict
        Everything that was found, as plain data; see the README of `nonlin.study`.
    folder : pathlib.Path or None
        Where the trials and results are stored.
    """

    results: Mapping[str, Any]
    folder: Path | None = None

    @property
    def verdict(self) -> str:
        """What was shown, in one sentence."""
        return str(self.results["verdict"])

    @property
    def ranking(self) -> list[str]:
        """The activations' names by mean metric on the test part, best first."""
        return list(self.results["ranking"])

    def __repr__(self) -> str:
        return table(self.results)


def study(
    data: Any,
    activations: Sequence[Any] = ACTIVATIONS,
    *,
    reference: str | None = None,
    out: str | Path | None = None,
    fresh: bool = False,
    progress: Callable[[Progress], None] | None = None,
    **settings: Any,
) -> Study:
    """Compare activations fairly by training the same network with each on the same data.

    Parameters
    ----------
    data : str, pathlib.Path, pair of array_like, polars.DataFrame or pandas.DataFrame
        "digits", "breast_cancer", "wine" or "diabetes"; a file (.csv, .tsv, .parquet, .npz); `(X, y)`; or
        a data frame. Files and frames need `target`.
    activations : sequence of str or Activation
        Catalog names, `package.module:object`, or Activation objects.
    reference : str, optional
        The name that the others are compared to; relu if it is among them, else the first.
    out : str or pathlib.Path, optional
        Folder that keeps each finished trial, so that the same call goes on after an interruption; None
        keeps everything in memory.
    fresh : bool
        Set the folder's stored trials aside and begin anew.
    progress : callable, optional
        Called with a `Progress` after each trial.
    **settings
        The fields of `nonlin.study.Settings`: hidden, model, epochs, batch_size, learning_rates, seeds,
        tuning_seeds, validation_share, test_share, split_seed, confidence, task, target, drop.

    Returns
    -------
    Study

    Raises
    ------
    InvalidInput, UnknownActivation, MissingExtra
        If something the study needs is missing or wrong.

    Examples
    --------
    >>> from nonlin.study import study
    >>> found = study("wine", ["relu", "tanh"], hidden=(8,), epochs=2, seeds=2, tuning_seeds=1)
    >>> found.results["comparison"]["reference"], sorted(found.ranking)
    ('relu', ['relu', 'tanh'])
    """
    plan = make_plan(data, activations, reference, _settings(settings))
    return conduct(plan, Path(out) if out is not None else None, fresh=fresh, progress=progress)


def _settings(given: Mapping[str, Any]) -> Settings:
    from nonlin.errors import did_you_mean

    known = Settings.__dataclass_fields__
    for name in given:
        if name not in known:
            raise InvalidInput(
                f"study has no setting {name!r} (it has {', '.join(known)}).{did_you_mean(name, known)}"
            )
    as_fields: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}
    return Settings(**as_fields)


def conduct(
    plan: Plan,
    folder: Path | None = None,
    *,
    fresh: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Study:
    """Run a plan to its end, in a folder or in memory."""
    if folder:
        refuse_foreign(folder)
    if fresh and folder:
        set_aside(folder)
    with Store(folder) as store:
        results = assemble(plan, _run(plan, store, progress or (lambda _: None)))
        if folder:
            write(results, folder)
    return Study(results, folder)


def _run(plan: Plan, store: Store, progress: Callable[[Progress], None]) -> Outcome:
    bench = _Bench(plan, store, progress)
    tried = {trial: bench.result(trial) for trial in tuning_trials(plan.names, plan.settings, plan.budget)}
    choices = {name: choose_rate(_by_rate(tried, name)) for name in plan.names}
    if choices[plan.reference].rate is None:
        raise InvalidInput(
            f"the reference {plan.reference!r} diverged at every learning rate; add smaller "
            "--learning-rates, or choose another --reference (with the same --out, finished trials are kept)"
        )
    rates = {name: choice.rate for name, choice in choices.items()}
    final = final_trials(rates, plan.settings, plan.budget)
    bench.total = len(tried) + len(final)
    return Outcome(tried | {trial: bench.result(trial) for trial in final}, choices)


def _by_rate(tried: Mapping[Trial, TrialResult], name: str) -> dict[float, list[TrialResult]]:
    by_rate: dict[float, list[TrialResult]] = {}
    for trial, result in tried.items():
        if trial.activation == name:
            by_rate.setdefault(trial.learning_rate, []).append(result)
    return by_rate


@dataclass
class _Bench:
    """Where trials are trained one after another; counts them and tells how far it is."""

    plan: Plan
    store: Store
    progress: Callable[[Progress], None]
    done: int = 0
    found: int = 0
    total: int = 0
    began: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        self.keys = self.plan.keys()
        self.activations = {candidate.name: candidate.activation for candidate in self.plan.candidates}
        self.total = self.plan.tuning_count + self.plan.final_count

    def result(self, trial: Trial) -> TrialResult:
        key = self.keys(trial)
        stored = self.store.get(key)
        if stored is None:
            stored = run(trial, self.activations[trial.activation], self.plan.blueprint, self.plan.data)
            self.store.put(key, trial, stored)
        else:
            self.found += 1
        self.done += 1
        self.progress(Progress(trial, self.done, self.total, self.found, self._seconds_left()))
        return stored

    def _seconds_left(self) -> float:
        trained = self.done - self.found
        spent = time.perf_counter() - self.began
        return (self.total - self.done) * spent / trained if trained else 0.0
