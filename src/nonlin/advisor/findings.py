"""What the shipped studies say, in words: whether it matters, where practice is contradicted, and the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nonlin.advisor.studies import Kept, layers

Expected = Literal["better", "worse"]


@dataclass(frozen=True)
class Practice:
    """A saying of practice that studies can speak of: an activation is better, or worse, than the reference.

    Attributes
    ----------
    activation : str
    expected : "better" or "worse"
    source : str
        Who says so.
    """

    activation: str
    expected: Expected
    source: str


def answer(studies: Sequence[Kept]) -> str:
    """Return in a sentence or two whether the choice mattered in the studies, and for which activations."""
    reference = studies[0]["comparison"]["reference"]
    compared = sum(study["comparison"]["comparisons"] for study in studies)
    shown = [name for study in studies for name in differing(study)]
    names = list(dict.fromkeys(shown))
    if not shown:
        much = "Hardly"
    elif len(shown) > compared / 2:
        much = "Yes"
    else:
        much = f"Hardly, except for {' and '.join(names)}" if len(names) <= 3 else "In part"
    few = "one shows" if len(shown) == 1 else f"{len(shown) or 'none'} show"
    return f"{much}: {_where(studies)}. Of {compared} comparisons with {reference}, {few} a difference."


def _where(studies: Sequence[Kept]) -> str:
    names = sorted({study["data"]["name"] for study in studies})
    depths = sorted({layers(study) for study in studies})
    splits = len({study["settings"]["split_seed"] for study in studies})
    sets = "one small data set" if len(names) == 1 else f"{len(names)} small data sets"
    return (
        f"on {sets} ({', '.join(names)}), {splits} split{'s' * (splits > 1)} of the rows, perceptrons of "
        f"{' or '.join(map(str, depths))} hidden layers without normalisation, each activation at its own best "
        "learning rate"
    )


def differing(study: Kept) -> dict[str, Mapping[str, Any]]:
    """Return the activations that are shown to differ from the reference."""
    return {n: one for n, one in study["activations"].items() if one["verdict"] in ("better", "worse")}


def practice(sayings: Sequence[Practice], studies: Sequence[Kept]) -> tuple[str, ...]:
    """Return which sayings of practice the studies contradict, confirm or leave open, with intervals."""
    contrary, agreeing, open_ = [], [], []
    for saying in sayings:
        against = _shown(saying.activation, _OPPOSITE[saying.expected], studies)
        for_ = _shown(saying.activation, saying.expected, studies)
        if against:
            contrary.append(
                _told("Contrary to practice", saying, _OPPOSITE[saying.expected], against, studies)
            )
        if for_:
            agreeing.append(_told("As practice says", saying, saying.expected, for_, studies))
        if not against and not for_:
            open_.append(saying)
    return (*contrary, *agreeing, *_left_open(open_, studies[0]["comparison"]["reference"]))


_OPPOSITE: dict[Expected, Expected] = {"better": "worse", "worse": "better"}


def _shown(activation: str, verdict: str, studies: Sequence[Kept]) -> list[str]:
    return [
        f"{label(study)}: {span(study, study['activations'][activation])}"
        for study in studies
        if study["activations"].get(activation, {}).get("verdict") == verdict
    ]


def _told(how: str, saying: Practice, verdict: str, shown: Sequence[str], studies: Sequence[Kept]) -> str:
    reference = studies[0]["comparison"]["reference"]
    return (
        f"{how}: {saying.activation} is shown to be {verdict} than {reference} in {len(shown)} of {len(studies)} "
        f"studies. {'; '.join(shown)}. Said to be {saying.expected}: {saying.source}."
    )


def _left_open(sayings: Sequence[Practice], reference: str) -> list[str]:
    by_expected: dict[str, list[str]] = {}
    for saying in sayings:
        by_expected.setdefault(saying.expected, []).append(f"{saying.activation} [{saying.source}]")
    return [
        f"Said to be {expected} than {reference}, and not shown here: {'; '.join(told)}."
        for expected, told in by_expected.items()
    ]


def lines(sayings: Sequence[Practice], studies: Sequence[Kept]) -> tuple[str, ...]:
    """Return what the studies say of practice; how large the differences are, and how large they may be."""
    note = (
        "An interval is of the mean difference over the paired seeds, on this one split; 95 % for all of a study "
        "together, so about one study in twenty shows a difference by chance."
    )
    return (*practice(sayings, studies), *map(numbers, studies), note)


def numbers(study: Kept) -> str:
    """Return the reference's metric, and the least and the greatest difference from it."""
    others = {name: one for name, one in study["activations"].items() if one["difference"]}
    reference = study["comparison"]["reference"]
    told = (
        f"{label(study)} ({study['data']['rows']:,} rows, {study['metric']['name']} of {reference} "
        f"{_number(study, study['activations'][reference]['mean'])})"
    )
    failed = [name for name, one in study["activations"].items() if one["diverged"]]
    lost = f"; {', '.join(failed)} diverged" if failed else ""
    if not others:
        return told + lost
    low = min(others, key=lambda name: others[name]["difference"]["mean"])
    high = max(others, key=lambda name: others[name]["difference"]["mean"])
    return f"{told}: from {low} {span(study, others[low])} to {high} {span(study, others[high])}{lost}"


def label(study: Kept) -> str:
    """Return a study's data and split in words.

    Examples
    --------
    >>> label({"data": {"name": "wine"}, "settings": {"hidden": [128, 128], "split_seed": 1}})
    'wine, split 1'
    """
    return f"{study['data']['name']}, split {study['settings']['split_seed']}"


def span(study: Kept, one: Mapping[str, Any]) -> str:
    """Return a difference with its interval in words; without one, that training diverged."""
    if not one["difference"]:
        return f"{one['diverged']} of {len(study['settings']['seeds'])} trainings diverged"
    low, high = one["difference"]["interval"]
    mean = _number(study, one["difference"]["mean"], signed=True)
    unit = " points" if study["data"]["task"] == "classification" else ""
    return f"{mean} [{_number(study, low, signed=True)} to {_number(study, high, signed=True)}]{unit}"


def _number(study: Kept, value: float, signed: bool = False) -> str:
    """Return a metric, or a difference of two: accuracy in percent or points, R2 as it is."""
    sign = "+" if signed else ""
    if study["data"]["task"] == "classification":
        return f"{100 * value:{sign}.1f}" + ("" if signed else " %")
    return f"{value:{sign}.3f}"
