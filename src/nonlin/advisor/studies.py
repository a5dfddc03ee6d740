"""Studies that ship with the package: what `nonlin study` found on real data, kept small; and what it says in words.

`python -m nonlin.advisor.studies results.json ...` keeps those of these files.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from nonlin.errors import InvalidInput

FOLDER = Path(__file__).with_name("studies_data")
SCHEMA = 1
SETTINGS = (
    "hidden", "optimizer", "learning_rates", "epochs", "batch_size", "tuning_seeds", "seeds", "split_seed",
)  # fmt: skip
DATA = ("name", "source", "task", "rows", "features", "outputs", "split")
ACTIVATION = ("difference", "verdict", "learning_rate", "gain", "diverged")

Kept = dict[str, Any]


def kept(results: Mapping[str, Any], fingerprint: str) -> Kept:
    """Return the part of a study's results that ships, with the hash of the data it was made of.

    Raises
    ------
    InvalidInput
        If the results are of another form than this version of nonlin writes.
    """
    from nonlin.study.plan import PROTOCOL
    from nonlin.study.results import SCHEMA as RESULTS

    if results.get("schema") != RESULTS:
        raise InvalidInput(f"results of schema {results.get('schema')!r} cannot be kept; this is {RESULTS}")
    activations = {
        name: {"mean": one["metric"]["mean"], "sd": one["metric"]["sd"]}
        | {key: one[key] for key in ACTIVATION}
        for name, one in results["activations"].items()
    }
    return {
        "schema": SCHEMA,
        "protocol": PROTOCOL,
        **{key: results[key] for key in ("command", "finished", "seconds", "versions", "machine")},
        "data": {key: results["data"][key] for key in DATA} | {"sha256": fingerprint},
        "settings": {key: results["settings"][key] for key in SETTINGS},
        "metric": {key: results["metric"][key] for key in ("name", "higher_is_better", "unit", "baseline")},
        "comparison": results["comparison"],
        "activations": activations,
        "ranking": results["ranking"],
        "verdict": results["verdict"],
        "notes": results["notes"],
    }


def fingerprint_of(name: str, split_seed: int) -> str:
    """Return the hash of every number of a data set that ships with scikit-learn, split and scaled."""
    from nonlin.study.data import load
    from nonlin.study.prepare import prepare
    from nonlin.study.settings import Settings

    return prepare(load(name), Settings(split_seed=split_seed)).fingerprint()


@cache
def shipped(folder: Path = FOLDER) -> tuple[Kept, ...]:
    """Return the studies that ship, by the names of their data."""
    return tuple(json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json")))


def words() -> dict[str, str]:
    """Return what the rules may quote of the shipped studies: the answer, and its numbers."""
    return {"studies": answer(shipped()), "studies.numbers": " ".join(map(numbers, shipped()))}


def answer(studies: Sequence[Kept]) -> str:
    """Say in a sentence or two whether the studies show that an activation differs from the reference."""
    reference = studies[0]["comparison"]["reference"]
    names = [study["data"]["name"] for study in studies]
    compared = sum(study["comparison"]["comparisons"] for study in studies)
    shown = [found for study in studies for found in differing(study)]
    where = f"On these {len(studies)} small data sets ({', '.join(names)})"
    if not shown:
        return (
            f"It hardly matters here, as far as was seen. {where} no activation is shown to differ from {reference}, "
            f"in {compared} comparisons."
        )
    return (
        f"Only in places. {where} {len(shown)} of {compared} comparisons show a difference from {reference}: "
        f"{'; '.join(shown)}."
    )


def differing(study: Kept) -> list[str]:
    """Return a phrase for each activation that is shown to differ from the reference."""
    return [
        f"{name} is {one['verdict']} on {study['data']['name']}, by {_span(study, one)}"
        for name, one in study["activations"].items()
        if one["verdict"] in ("better", "worse")
    ]


def numbers(study: Kept) -> str:
    """Say how large the differences of one study are, and how large they may be."""
    others = {name: one for name, one in study["activations"].items() if one["difference"]}
    low = min(others, key=lambda name: others[name]["difference"]["mean"])
    high = max(others, key=lambda name: others[name]["difference"]["mean"])
    reference = study["comparison"]["reference"]
    return (
        f"{study['data']['name']} ({study['data']['rows']:,} rows, {study['metric']['name']} of {reference} "
        f"{_number(study, study['activations'][reference]['mean'])}): from {low} {_span(study, others[low])} to "
        f"{high} {_span(study, others[high])}."
    )


def _span(study: Kept, one: Mapping[str, Any]) -> str:
    low, high = one["difference"]["interval"]
    mean = _number(study, one["difference"]["mean"], signed=True)
    return f"{mean} [{_number(study, low, signed=True)} to {_number(study, high, signed=True)}]"


def _number(study: Kept, value: float, signed: bool = False) -> str:
    """Return a metric, or a difference of two, in words: accuracy in percent or points, R2 as it is."""
    sign = "+" if signed else ""
    if study["data"]["task"] == "classification":
        return f"{100 * value:{sign}.1f}" + ("" if signed else " %")
    return f"{value:{sign}.3f}"


def main(paths: Sequence[str]) -> None:
    """Keep the studies whose results.json are given."""
    FOLDER.mkdir(exist_ok=True)
    for path in paths:
        results = json.loads(Path(path).read_text(encoding="utf-8"))
        name = results["data"]["name"]
        told = kept(results, fingerprint_of(name, results["settings"]["split_seed"]))
        (FOLDER / f"{name}.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
