"""Everything a study found, as one plain dict: the content of results.json."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nonlin.errors import InvalidInput
from nonlin.facts.fact import as_plain
from nonlin.machine import machine, versions
from nonlin.study.candidates import Candidate
from nonlin.study.comparison import Comparison, compare, ranking, sentence
from nonlin.study.plan import Plan, command
from nonlin.study.protocol import Choice
from nonlin.study.training import Trial, TrialResult, value_and_slope

SCHEMA = 1
FILE = "results.json"
LIBRARIES = ("nonlin", "torch", "numpy", "scipy", "scikit-learn", "polars")


@dataclass(frozen=True)
class Outcome:
    """All finished trials of a plan, and the rates that tuning chose.

    Attributes
    ----------
    trials : mapping of Trial to TrialResult
    choices : mapping of str to Choice
    """

    trials: Mapping[Trial, TrialResult]
    choices: Mapping[str, Choice]

    def of(self, purpose: str, activation: str) -> dict[Trial, TrialResult]:
        return {t: r for t, r in self.trials.items() if (t.purpose, t.activation) == (purpose, activation)}


def assemble(plan: Plan, outcome: Outcome) -> dict[str, Any]:
    """Return the results as plain data; it depends on the plan and the trials alone."""
    compared = _compared(plan, outcome)
    started = min(result.started for result in outcome.trials.values())
    finished = max(result.started + result.seconds for result in outcome.trials.values())
    return {
        "schema": SCHEMA,
        "title": plan.name,
        "command": command(plan.words, [c.word for c in plan.candidates], plan.reference, plan.settings),
        "started": _iso(started),
        "finished": _iso(finished),
        "seconds": sum(result.seconds for result in outcome.trials.values()),
        "versions": versions(LIBRARIES),
        "machine": machine(),
        "settings": _settings(plan),
        "data": _data(plan),
        "metric": _metric(plan),
        "comparison": _method(plan),
        "activations": {
            candidate.name: _activation(plan, outcome, candidate, compared[candidate.name])
            for candidate in plan.candidates
        },
        "ranking": ranking(compared),
        "verdict": sentence(compared, plan.reference, plan.name),
        "notes": _caveats(plan, outcome, compared),
    }


def _compared(plan: Plan, outcome: Outcome) -> dict[str, Comparison]:
    values = {
        name: dict.fromkeys(range(plan.settings.seeds)) | _by_seed(outcome.of("final", name))
        for name in plan.names
    }
    resolution = 1 / len(plan.data.test) if plan.data.task == "classification" else 0.0
    return compare(values, plan.reference, plan.settings.confidence, resolution)


def _by_seed(trials: Mapping[Trial, TrialResult]) -> dict[int, float | None]:
    return {trial.seed: result.test["metric"] if result.test else None for trial, result in trials.items()}


def _iso(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="seconds")


def _settings(plan: Plan) -> dict[str, Any]:
    settings = plan.settings
    return {
        "activations": plan.names,
        "reference": plan.reference,
        "hidden": None if settings.model else list(settings.hidden),
        "model": settings.model,
        "optimizer": "Adam",
        "learning_rates": list(settings.learning_rates),
        "epochs": plan.budget.epochs,
        "batch_size": plan.budget.batch_size,
        "steps_of_an_epoch": plan.budget.steps_of_an_epoch,
        "tuning_seeds": settings.tuning_seeds,
        "seeds": list(range(settings.seeds)),
        "validation_share": settings.validation_share,
        "test_share": settings.test_share,
        "split_seed": settings.split_seed,
        "confidence": settings.confidence,
        "target": settings.target,
        "task": settings.task,
        "drop": list(settings.drop),
        "epoch_kept": "the one with the least loss on the validation part",
    }


def _data(plan: Plan) -> dict[str, Any]:
    data = plan.data
    return {
        "name": plan.name,
        "source": plan.source,
        "task": data.task,
        "task_reason": data.task_reason,
        "rows": plan.rows,
        "features": len(data.features),
        "outputs": data.outputs,
        "classes": list(data.classes) if data.classes else None,
        "split": {name: len(part) for name, part in data.parts.items()},
        "notes": list(data.notes),
    }


def _metric(plan: Plan) -> dict[str, Any]:
    metric = plan.metric
    return {
        "name": metric.name,
        "higher_is_better": metric.higher_is_better,
        "unit": metric.unit,
        "explanation": metric.explanation,
        "baseline": plan.data.baseline,
    }


def _method(plan: Plan) -> dict[str, Any]:
    comparisons = len(plan.candidates) - 1
    corrected = f", Bonferroni-corrected for {comparisons} comparisons" if comparisons > 1 else ""
    return {
        "reference": plan.reference,
        "comparisons": comparisons,
        "confidence": plan.settings.confidence,
        "method": f"paired t interval over {plan.settings.seeds} seeds{corrected}",
        "covers": "The intervals cover the chance of training (draws, order of rows) on this one split.",
    }


def _activation(plan: Plan, outcome: Outcome, candidate: Candidate, compared: Comparison) -> dict[str, Any]:
    final = list(outcome.of("final", candidate.name).values())
    finished = [result for result in final if not result.diverged]
    difference = compared.difference
    silent = _by_layer([r.always_zero for r in finished if r.always_zero is not None])
    return {
        "metric": {
            "mean": compared.mean,
            "sd": compared.deviation,
            "values": {str(seed): value for seed, value in compared.values.items()},
        },
        "test": _by_name(finished),
        "difference": {"mean": difference.mean, "interval": [difference.low, difference.high]}
        if difference
        else None,
        "verdict": compared.verdict,
        "reason": compared.reason,
        "learning_rate": outcome.choices[candidate.name].rate,
        "learning_rate_edge": outcome.choices[candidate.name].edge,
        "learning_rates": _rates(plan, outcome, candidate.name),
        "best_epochs": [result.best_epoch for result in final],
        "curves": _curves(finished),
        "step_milliseconds": _step_time(final),
        "zero_slope_share": _by_layer([r.zero_slope for r in finished if r.zero_slope is not None]),
        "always_zero_share": silent["mean"] if silent else None,
        "always_zero_by_layer": silent["by_layer"] if silent else None,
        "gain": candidate.gain,
        "parameters": as_plain(candidate.parameters),
        "shape": _shape(candidate),
        "diverged": compared.diverged,
    }


def _by_name(results: Sequence[TrialResult]) -> dict[str, float]:
    scores = [result.test for result in results if result.test]
    return {name: float(np.mean([score[name] for score in scores])) for name in (scores[0] if scores else ())}


def _rates(plan: Plan, outcome: Outcome, name: str) -> list[dict[str, Any]]:
    by_rate: dict[float, dict[str, float | None]] = defaultdict(dict)
    for trial, result in outcome.of("tuning", name).items():
        by_rate[trial.learning_rate][str(trial.seed)] = (
            result.validation["metric"] if result.validation else None
        )
    return [_rate(rate, by_rate[rate]) for rate in sorted(by_rate)]


def _rate(rate: float, values: Mapping[str, float | None]) -> dict[str, Any]:
    finished = [value for value in values.values() if value is not None]
    mean = float(np.mean(finished)) if finished else None
    return {
        "rate": rate,
        "validation": {"mean": mean, "values": dict(values)},
        "diverged": len(values) - len(finished),
    }


def _curves(finished: Sequence[TrialResult]) -> dict[str, Any] | None:
    if not finished:
        return None
    return {
        "steps_or_epochs": list(range(1, len(finished[0].train_loss) + 1)),
        "train_loss": _band([result.train_loss for result in finished]),
        "validation_metric": _band([result.validation_metric for result in finished]),
    }


def _band(curves: Sequence[Sequence[float]]) -> dict[str, list[float]]:
    table = np.asarray(curves)
    return {
        "mean": table.mean(axis=0).tolist(),
        "low": table.min(axis=0).tolist(),
        "high": table.max(axis=0).tolist(),
    }


def _step_time(final: Sequence[TrialResult]) -> dict[str, float] | None:
    if not final:
        return None
    low, median, high = np.median([result.step_milliseconds for result in final], axis=0).tolist()
    return {"median": median, "low": low, "high": high}


def _by_layer(shares: Sequence[Sequence[float]]) -> dict[str, Any] | None:
    if not shares:
        return None
    by_layer = np.mean(shares, axis=0)
    return {"mean": float(by_layer.mean()), "by_layer": by_layer.tolist()}


def _shape(candidate: Candidate) -> dict[str, list[float | None]]:
    x = np.linspace(-4, 4, 201)
    value, slope = value_and_slope(candidate.activation, x)
    return {"x": x.tolist(), "value": _plain(value), "slope": _plain(slope)}


def _plain(values: Any) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]


def _caveats(plan: Plan, outcome: Outcome, compared: Mapping[str, Comparison]) -> list[str]:
    return [
        *_unfinished(plan, outcome),
        *(f"{name}: {one.reason}" for name, one in compared.items() if one.reason),
        *_below_baseline(plan, compared),
        *_coarse(plan),
    ]


def _unfinished(plan: Plan, outcome: Outcome) -> list[str]:
    names = []
    for name in plan.names:
        results = outcome.of("final", name)
        rising = [result.best_epoch == trial.epochs > 1 for trial, result in results.items()]
        if sum(rising) > len(rising) / 2:
            names.append(name)
    told = f"Still improving in the last epoch: {', '.join(names)}; more --epochs may change the order."
    return [told] if names else []


def _below_baseline(plan: Plan, compared: Mapping[str, Comparison]) -> list[str]:
    best = max((one.mean for one in compared.values() if one.mean is not None), default=None)
    if best is None or best > plan.data.baseline:
        return []
    without = "the commonest class" if plan.data.task == "classification" else "the mean"
    return [
        f"No network does better than always answering {without}: these data say nothing of the activations."
    ]


def _coarse(plan: Plan) -> list[str]:
    rows = len(plan.data.test)
    if rows >= 500:
        return []
    step = f" One row more or less is {100 / rows:.1f} points." if plan.data.task == "classification" else ""
    other = plan.settings.split_seed + 1
    return [
        f"The test part has {rows} rows, and the intervals hold for this one split: see whether --split-seed "
        f"{other} agrees.{step}"
    ]


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder whose results.json no study wrote: it would be written over.

    Raises
    ------
    InvalidInput
        If there is such a file.
    """
    path = folder / FILE
    if not path.is_file():
        return
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError):
        found = None
    if not isinstance(found, dict) or "schema" not in found:
        raise InvalidInput(f"{path} was not written by nonlin study and is left alone; choose another --out")


def write(results: Mapping[str, Any], folder: Path) -> Path:
    """Write results.json, whole or not at all.

    Raises
    ------
    InvalidInput
        If it cannot be written.
    """
    path, half = folder / FILE, folder / (FILE + ".part")
    try:
        half.write_text(json.dumps(results, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        half.replace(path)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror}; finished trials are kept") from error
    return path
