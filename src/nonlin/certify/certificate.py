"""A certificate: what was measured of one function, as plain frozen data; and those that the package ships."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nonlin
from nonlin.certify.subject import NEAR, Subject
from nonlin.certify.tally import Extreme, Tally
from nonlin.errors import InvalidInput

SCHEMA = 1
FOLDER = Path(nonlin.__file__).parent / "certificates"
PROMISED = {
    ("float32", "exact"): 1.0,
    ("float32", "fast"): 4.0,
    ("float64", "exact"): 4.0,
    ("float16", "exact"): 0.5,
    ("bfloat16", "exact"): 0.5,
}
"""The largest error in ulp that a dtype and grade promises; float64 and fast do so away from the slope's roots.

Half precision promises more: every result correctly rounded.
"""

PROMISED_NEAR = {("float32", "fast"): 2.0**-23, ("float64", "exact"): 2.0**-52}
"""The largest error of the slope near its roots, in itself."""

PROMISED_WAVE = 2.0**-50
"""The same where roots have no end, and every input counts as near one: two ulp of a wave's largest slope, 2."""


@dataclass(frozen=True)
class Certificate:
    """What was measured of one function in one dtype and grade.

    Attributes
    ----------
    function, dtype, grade : str
    formula : str
    parameters : mapping of str to float
    exhaustive : bool
        Whether every input was measured.
    inputs : str
        Which inputs, in a sentence.
    decided : str
        How the truth was known, in a sentence.
    measured : mapping of str to Tally
        For "value" and "slope".
    roots : tuple of float
        Of the slope; within `near` of one counts as near.
    special : mapping
        Results for NaN, infinities and zeros, and whether they are right.
    differs : int
        Results that computing value and slope together gives unlike computing them alone.
    fingerprint : str
        Of the formulas and the kernels; see `nonlin.certify.fingerprint`.
    machine, versions : mapping
    command : str
        What to type to measure it again.
    date : str
        ISO 8601, UTC.
    seconds : float
        Of all blocks together, per thread.
    wave : bool
        Whether the slope is a wave, whose roots have no end: every input is near one.
    """

    function: str
    dtype: str
    grade: str
    formula: str
    parameters: Mapping[str, float]
    exhaustive: bool
    inputs: str
    decided: str
    measured: Mapping[str, Tally]
    roots: tuple[float, ...]
    special: Mapping[str, Any]
    differs: int
    fingerprint: str
    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    command: str
    date: str
    seconds: float
    wave: bool = False

    @property
    def promised(self) -> float:
        """The largest error in ulp that is promised for the dtype and grade."""
        return PROMISED[self.dtype, self.grade]

    @property
    def kept(self) -> bool:
        """Whether the promise was kept: errors, special values, and one pass like two.

        The sign of a zero that stands for an underflow is told (`wrong_zeros`), not promised.
        """
        tallies = self.measured.values()
        sound = all(t.nans == t.numbers_for_nan == 0 for t in tallies) and self.special["right"]
        if self.dtype in ("float16", "bfloat16"):
            return sound and all(t.right == t.inputs for t in tallies)
        near = max((t.near_size_at_most for t in tallies if t.near_at_most > self.promised), default=0.0)
        bounded = near <= self.promised_near
        return bool(sound and not self.differs and self.error <= self.promised and bounded)

    @property
    def promised_near(self) -> float:
        """The largest error, in itself, that is promised near roots of the slope."""
        near = PROMISED_NEAR.get((self.dtype, self.grade), math.inf)
        return max(near, PROMISED_WAVE) if self.wave else near

    @property
    def near(self) -> float:
        """How far from a root of the slope counts as near it."""
        if self.wave:
            return math.inf
        return NEAR.get((self.dtype, self.grade), 0.125)

    @property
    def error(self) -> float:
        """The bound in ulp that the promise speaks of: everywhere, or away from the slope's roots."""
        return max(self.error_of(t) for t in self.measured.values())

    def error_of(self, tally: Tally) -> float:
        """Return the bound in ulp of one quantity; of a wave it is that near roots if it is within the promise."""
        near_too = (self.dtype, self.grade) not in PROMISED_NEAR
        near_too |= self.wave and tally.near_at_most <= self.promised
        return tally.at_most if near_too else tally.away_at_most

    def as_json(self) -> str:
        """Return the certificate as strict JSON."""
        plain = {"schema": SCHEMA, **_told(asdict(self))}
        return json.dumps(plain, indent=1, allow_nan=False, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Certificate:
        """Return the certificate that `as_json` wrote.

        Raises
        ------
        InvalidInput
            If the text is no certificate of this schema.
        """
        try:
            plain = json.loads(text)
            if plain.pop("schema") != SCHEMA:
                raise InvalidInput(f"this certificate is not of schema {SCHEMA}")
            measured = {q: _tally(t) for q, t in plain.pop("measured").items()}
            return cls(**{**plain, "roots": tuple(plain["roots"])}, measured=measured)
        except (ValueError, TypeError, KeyError, AttributeError) as wrong:
            if isinstance(wrong, InvalidInput):
                raise
            raise InvalidInput(f"this is no certificate written by nonlin certify: {wrong}") from wrong


def file_name(subject: Subject) -> str:
    """Return the name of a certificate's file."""
    return f"{subject.name}-{subject.form.name}-{subject.grade}.json"


def certificates(folder: Path = FOLDER) -> tuple[Certificate, ...]:
    """Return the certificates in a folder; without one, those that the package ships.

    Examples
    --------
    >>> from nonlin.certify import certificates
    >>> all(c.function for c in certificates())
    True
    """
    return tuple(Certificate.from_json(p.read_text("utf-8")) for p in sorted(folder.glob("*.json")))


_NUMBERS = {"inf": float("inf"), "-inf": float("-inf"), "nan": float("nan")}


def _told(plain: Any) -> Any:
    """Write what JSON has no number for as a word."""
    if isinstance(plain, dict):
        return {k: _told(v) for k, v in plain.items()}
    if isinstance(plain, float) and (plain != plain or abs(plain) == float("inf")):
        return str(plain)
    return list(map(_told, plain)) if isinstance(plain, list | tuple) else plain


def _tally(plain: dict[str, Any]) -> Tally:
    worst = plain.pop("worst")
    return Tally(**_read(plain), worst=Extreme(**_read(worst)) if worst else None)


def _read(plain: dict[str, Any]) -> dict[str, Any]:
    return {k: _NUMBERS.get(v, v) if isinstance(v, str) and k != "truth" else v for k, v in plain.items()}
