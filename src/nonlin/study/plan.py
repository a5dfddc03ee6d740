"""A study before it runs: everything checked, nothing trained."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nonlin.errors import require
from nonlin.study.candidates import Candidate, choose
from nonlin.study.data import Table, load
from nonlin.study.metrics import Metric, metric_of
from nonlin.study.network import Blueprint, check
from nonlin.study.prepare import Prepared, prepare
from nonlin.study.protocol import Budget, budget
from nonlin.study.settings import ACTIVATIONS, Settings
from nonlin.study.training import Trial
from nonlin.study.words import counted

PROTOCOL = 1  # raised when a trial would give other numbers for the same settings


@dataclass(frozen=True)
class Plan:
    """All that a study depends on.

    Attributes
    ----------
    settings : Settings
    candidates : tuple of Candidate
    reference : str
        The candidate's name that the others are compared to.
    name, source : str
        The data's.
    words : str or None
        What the person typed to mean the data; None if they passed the data themselves.
    data : Prepared
    blueprint : Blueprint
    budget : Budget
    rows : int
        Rows of the data as they came.
    """

    settings: Settings
    candidates: tuple[Candidate, ...]
    reference: str
    name: str
    source: str
    words: str | None
    data: Prepared
    blueprint: Blueprint
    budget: Budget
    rows: int

    @property
    def names(self) -> list[str]:
        return [candidate.name for candidate in self.candidates]

    @property
    def metric(self) -> Metric:
        return metric_of(self.data.task)

    @property
    def tuning_count(self) -> int:
        return len(self.candidates) * len(self.settings.learning_rates) * self.settings.tuning_seeds

    @property
    def final_count(self) -> int:
        return len(self.candidates) * self.settings.seeds

    def keys(self) -> TrialKeys:
        return TrialKeys(self)


class TrialKeys:
    """Names a trial by a hash of everything that decides its numbers."""

    def __init__(self, plan: Plan) -> None:
        self._shared = {
            "protocol": PROTOCOL,
            "data": plan.data.fingerprint(),
            "network": plan.blueprint.fingerprint(),
            "versions": [version(library) for library in ("nonlin", "torch", "numpy")],
        }
        self._activations = {c.name: c.fingerprint() for c in plan.candidates}

    def __call__(self, trial: Trial) -> str:
        told = asdict(trial) | self._shared | {"activation": self._activations[trial.activation]}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def make_plan(
    data: Any,
    activations: Sequence[Any] = ACTIVATIONS,
    reference: str | None = None,
    settings: Settings | None = None,
) -> Plan:
    """Read the data, find the activations, try the network.

    Raises
    ------
    InvalidInput, UnknownActivation, MissingExtra
        If anything that the study needs is missing or wrong.
    """
    require("torch", "torch")
    settings = settings or Settings()
    candidates, reference_name = choose(activations, reference)
    table = load(data, settings.target)
    prepared = prepare(table, settings)
    blueprint = Blueprint(len(prepared.features), prepared.outputs, settings.hidden, settings.model)
    _try_network(blueprint, candidates, prepared)
    return Plan(
        settings=settings,
        candidates=candidates,
        reference=reference_name,
        name=table.name,
        source=table.source,
        words=str(data) if isinstance(data, (str, Path)) else None,
        data=prepared,
        blueprint=blueprint,
        budget=budget(len(prepared.train), settings),
        rows=_height(table),
    )


def _height(table: Table) -> int:
    return table.target.len()


def _try_network(blueprint: Blueprint, candidates: Sequence[Candidate], data: Prepared) -> None:
    import torch

    from nonlin.study.training import alone

    if blueprint.model:
        with alone(0):
            check(blueprint, candidates[0].activation, torch.from_numpy(data.train.X[:3]))


def command(words: str | None, activations: Sequence[str], reference: str, settings: Settings) -> str:
    """Return what to type at a terminal to get a study; options at their defaults are left out."""
    parts = ["nonlin", "study", words or "DATA"]
    if tuple(activations) != ACTIVATIONS:
        parts += ["--activations", ",".join(activations)]
    parts += ["--reference", reference]
    for field in fields(settings):
        value = getattr(settings, field.name)
        if value != field.default:
            parts += _option(field.name, value)
    return shlex.join(parts)


def _option(name: str, value: Any) -> list[str]:
    option = "--" + name.replace("_", "-")
    if name == "drop":
        return [word for column in value for word in (option, column)]
    if isinstance(value, tuple):
        return [option, ",".join(map(str, value))]
    return [option, str(value)]


def default_folder(
    data: str | Path, activations: Sequence[str], reference: str | None, settings: Settings
) -> Path:
    """Return the folder that the same data and settings always find again, in the working directory."""
    where = os.path.relpath(data) if Path(data).exists() else str(data)
    told = json.dumps([where, list(activations), reference, asdict(settings)])
    stem = Path(data).name.split(".")[0]
    return Path(f"nonlin-study-{stem}-{hashlib.sha256(told.encode()).hexdigest()[:6]}")


def announcement(plan: Plan) -> list[str]:
    """Return what is about to be done, in sentences."""
    data, settings, spent = plan.data, plan.settings, plan.budget
    sizes = ", ".join(f"{len(part)} {name}" for name, part in data.parts.items())
    network = settings.model or "-".join(map(str, (len(data.features), *settings.hidden, data.outputs)))
    return [
        f"{plan.name}: {data.task_reason}",
        f"{plan.rows} rows ({sizes}), {len(data.features)} inputs; network {network}.",
        *data.notes,
        _trials(plan),
        f"Each trains {counted(spent.epochs, 'epoch')} of {counted(spent.steps_of_an_epoch, 'step')} "
        f"of {counted(spent.batch_size, 'row')}.",
    ]


def _trials(plan: Plan) -> str:
    settings, activations = plan.settings, counted(len(plan.candidates), "activation")
    rates, seeds = len(settings.learning_rates), settings.tuning_seeds
    tuning = f"tuned over {counted(rates, 'learning rate')} from {counted(seeds, 'seed')}"
    trials = plan.tuning_count + plan.final_count
    return f"{trials} trials: {activations} {tuning}, then compared from {settings.seeds} paired seeds."
