"""Whether a shipped study still holds, or something has changed that its numbers were made by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nonlin
from nonlin.advisor.studies import Kept
from nonlin.certify.fingerprint import without_words

if TYPE_CHECKING:
    from nonlin.study import Plan, Settings

CODE = (
    "study/training.py", "study/network.py", "study/protocol.py", "study/metrics.py", "study/statistics.py",
    "study/comparison.py", "bridges/torch/initialise.py",
)  # fmt: skip
"""What makes numbers of the prepared data and the activations' programs; both of these have hashes of their own."""


def fingerprint(study: Kept) -> dict[str, Any]:
    """Return hashes of all that the numbers of a study are made by: data, activations, code.

    Comments, docstrings and layout do not count, nor does code that reads files or shows results: the data are
    hashed as the network sees them, the activations as the programs of their value and slope, with gain and
    parameters.

    Parameters
    ----------
    study : mapping
        A results.json, or what is kept of one.

    Returns
    -------
    dict
        "protocol", "data", "code" by file, "activations" by name.
    """
    from nonlin.study.plan import PROTOCOL

    plan = _plan(study)
    return {
        "protocol": PROTOCOL,
        "data": plan.data.fingerprint(),
        "code": {path: _code(path) for path in CODE},
        "activations": {candidate.name: candidate.fingerprint()[:16] for candidate in plan.candidates},
    }


def changes(study: Kept) -> list[str]:
    """Return a sentence for each thing that has changed since a study was made; none: it still holds."""
    return list(_changes(study["fingerprint"], fingerprint(study)))


def _changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if then["protocol"] != now["protocol"]:
        yield f"the protocol was {then['protocol']} and is {now['protocol']}"
    if then["data"] != now["data"]:
        yield "the data, as they are divided and scaled, have changed"
    for path in sorted({*then["code"], *now["code"]}):
        if then["code"].get(path) != now["code"].get(path):
            yield f"{path} has changed"
    for name in then["activations"]:
        if then["activations"][name] != now["activations"].get(name):
            yield f"the activation {name} has changed"


def _code(path: str) -> str:
    text = (Path(nonlin.__file__).parent / path).read_text(encoding="utf-8")
    return hashlib.sha256(without_words(text).encode()).hexdigest()[:16]


def _plan(study: Kept) -> Plan:
    from nonlin.study import make_plan

    return make_plan(
        study["data"]["name"], list(study["activations"]), study["comparison"]["reference"], settings(study)
    )


def settings(study: Kept) -> Settings:
    """Return the settings that repeat a study."""
    from nonlin.study import Settings

    told = study["settings"]
    return Settings(
        hidden=tuple(told["hidden"]),
        epochs=told["epochs"],
        batch_size=told["batch_size"],
        learning_rates=tuple(told["learning_rates"]),
        tuning_seeds=told["tuning_seeds"],
        seeds=len(told["seeds"]),
        validation_share=told["validation_share"],
        test_share=told["test_share"],
        split_seed=told["split_seed"],
        confidence=told["confidence"],
    )


def trained_again(study: Kept, activations: Sequence[str], seed: int = 0) -> dict[str, float | None]:
    """Return the metric that a few of a study's final trials have today; None if one diverges.

    With the study's versions on its kind of processor these are its very numbers.
    """
    from nonlin.study.training import Trial, run

    plan = _plan(study)
    found: dict[str, float | None] = {}
    for candidate in plan.candidates:
        if candidate.name in activations:
            rate = study["activations"][candidate.name]["learning_rate"]
            trial = Trial("final", candidate.name, rate, seed, plan.budget.epochs, plan.budget.batch_size)
            result = run(trial, candidate.activation, plan.blueprint, plan.data)
            found[candidate.name] = result.test["metric"] if result.test else None
    return found
