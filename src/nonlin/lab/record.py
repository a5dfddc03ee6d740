"""What an experiment leaves behind: settings, numbers, versions, and the verdict that follows from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from nonlin.lab.showing import Shown


@dataclass(frozen=True)
class Verdict:
    """What the numbers say.

    Attributes
    ----------
    answer : str
        One of the few words that the experiment's criterion names.
    sentence : str
        The same as one sentence, with the numbers that decide it.
    holds : bool
        Whether what the experiment asserts beforehand is so.
    """

    answer: str
    sentence: str
    holds: bool = True


@dataclass(frozen=True)
class Record:
    """One run of an experiment, as plain data.

    Attributes
    ----------
    experiment, question, criterion : str
        Which one, what it asks, and what counts as which answer.
    settings : mapping
        Every setting with its value, as a person would type it.
    numbers : mapping
        What was measured.
    answer, verdict : str
        What follows from the numbers: in a word, and in a sentence.
    holds : bool
        Whether what the criterion asserts is so.
    shown : tuple
        Charts and tables of the numbers.
    versions : mapping
        Of Python and of the libraries that computed.
    seconds : float
        How long it took.
    """

    experiment: str
    question: str
    criterion: str
    settings: Mapping[str, str]
    numbers: Mapping[str, Any]
    answer: str
    verdict: str
    holds: bool
    shown: tuple[Shown, ...]
    versions: Mapping[str, str]
    seconds: float

    def as_json(self) -> str:
        """Return all but the charts as JSON; an infinite number, or none, is null."""
        kept = {name: value for name, value in vars(self).items() if name != "shown"}
        return json.dumps(plain(kept), indent=1, allow_nan=False)


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it.

    Examples
    --------
    >>> import numpy as np
    >>> plain({"loss": (np.float32(0.5), float("inf"))})
    {'loss': [0.5, None]}
    """
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value
