"""Which inputs: every bit pattern, or a stratified sample of them; in blocks that are measured one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nonlin.derivation.formats import Format

BLOCKS = 1024
CHUNK = 1 << 14  # what a kernel is given at once: it stays in the second cache, on one thread
PER_BLOCK = 1024  # of a sample of float32: a million in all
PER_BLOCK_DOUBLE = 10_240  # of a sample of float64: ten million in all
WHERE_NETWORKS_WORK = (1023 - 60, 1023 + 11)  # biased exponents of float64: 2^-60 to 2^10


@dataclass(frozen=True)
class Inputs:
    """Blocks of inputs.

    Attributes
    ----------
    form : Format
    exhaustive : bool
        Every bit pattern of float32; else a sample, the same at every run.
    roots : tuple of float
        Around which a sample of float64 is denser.
    """

    form: Format
    exhaustive: bool
    roots: tuple[float, ...] = ()

    def chunks(self, block: int) -> Iterator[np.ndarray]:
        """Yield the inputs of a block, in arrays of at most `CHUNK`."""
        if self.exhaustive:
            yield from _every(block)
        elif self.form.name == "float32":
            yield _stratified(block)
        else:
            yield _spread(block, self.roots)

    def some(self, block: int, count: int) -> Any:
        """Return finite inputs of a block, evenly spread, both ends included: where the reference is checked."""
        if self.exhaustive or self.form.name == "float32":
            inside = np.linspace(0, (1 << 22) - 1, count).astype(np.uint64)
            x = (np.uint64(block << 22) + inside).astype(np.uint32).view(np.float32)
        else:
            x = np.sort(_spread(block, self.roots))
            x = x[np.linspace(0, x.size - 1, count).astype(int)]
        return x[np.isfinite(x)]

    @property
    def told(self) -> str:
        """What the inputs are, in a sentence."""
        if self.exhaustive:
            return "all 2^32 bit patterns"
        if self.form.name == "float32":
            return "1,048,576 bit patterns, one drawn from each run of 4,096"
        return (
            "ten million: half from 2^-60 to 2^10, a quarter of any exponent, a quarter around the slope's "
            "roots and on [-45, 45]"
        )


def _every(block: int) -> Iterator[np.ndarray]:
    for start in range(block << 22, (block + 1) << 22, CHUNK):
        yield np.arange(start, start + CHUNK, dtype=np.uint64).astype(np.uint32).view(np.float32)


def _stratified(block: int) -> np.ndarray:
    run = (1 << 22) // PER_BLOCK
    draw = np.random.default_rng([1, block]).integers(0, run, PER_BLOCK, dtype=np.uint64)
    starts = np.uint64(block << 22) + np.arange(PER_BLOCK, dtype=np.uint64) * np.uint64(run)
    return (starts + draw).astype(np.uint32).view(np.float32)


def _spread(block: int, roots: tuple[float, ...]) -> np.ndarray:
    """Draw float64 inputs: blocks of each kind in turn, so that a block is of one kind and one stretch."""
    draw = np.random.default_rng([2, block])
    kind, place = block % 4, block // 4 / (BLOCKS / 4)
    width = 4 / BLOCKS
    if kind in (0, 1):
        return _of_exponents(draw, *WHERE_NETWORKS_WORK, place, width, negative=kind == 1)
    if kind == 2:
        negative, place = place >= 0.5, 2 * place % 1
        return _of_exponents(draw, 0, 2047, place, 2 * width, negative)
    if roots and place < 0.5:
        distance = 2.0 ** (-52 + 50 * (2 * place + 2 * width * draw.random(PER_BLOCK_DOUBLE)))
        signed = distance * draw.choice([-1.0, 1.0], PER_BLOCK_DOUBLE)
        return np.asarray(draw.choice(roots, PER_BLOCK_DOUBLE) + signed)
    return -45 + 90 * (place + width * draw.random(PER_BLOCK_DOUBLE))


def _of_exponents(
    draw: np.random.Generator, first: int, last: int, place: float, width: float, negative: bool
) -> np.ndarray:
    """Draw uniformly from the bit patterns of a stretch of the exponents."""
    span = (last - first) << 52
    low = (first << 52) + int(span * place)
    x: np.ndarray = draw.integers(
        low, low + max(int(span * width), 1), PER_BLOCK_DOUBLE, dtype=np.int64
    ).view(np.float64)
    return -x if negative else x
