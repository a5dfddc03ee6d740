"""What a contestant is given, and what it answers with: the same arrays for everyone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nonlin.workbench import Activation

Task: TypeAlias = Literal["value", "gradient"]
Output: TypeAlias = Literal["fresh", "reused"]
Array: TypeAlias = NDArray[Any]

RACED = (
    "celu", "elu", "gelu", "gelu_tanh", "hard_sigmoid", "hard_swish", "leaky_relu", "log_sigmoid", "log_softmax",
    "mish", "prelu", "quick_gelu", "relu", "relu6", "selu", "sigmoid", "silu", "softmax", "softplus", "softsign",
    "swish", "tanh",
)  # fmt: skip
"""What is timed beside other libraries, whose arguments are known to mean the same; unless asked, nothing else."""

LINE = 64  # bytes of a cache line: where every array begins, as PyTorch's and JAX's own do


@dataclass(frozen=True)
class Setting:
    """One comparison's arrays.

    Parameters
    ----------
    activation : Activation
        Ours; it says which function is meant and what its parameters are.
    task : "value" or "gradient"
        f(x); or f(x) and then g f'(x), as a forward and a backward pass need them.
    x, g : ndarray
        The input, and the gradient with respect to the output; along the last axis if rows are mixed.
    outputs : tuple of ndarray, optional
        Where to write one array (value) or two (gradient); without them everyone makes fresh ones.
    threads : int
        How many threads may be used.
    """

    activation: Activation
    task: Task
    x: Array
    g: Array
    outputs: tuple[Array, ...] | None
    threads: int

    @property
    def name(self) -> str:
        """The activation's name."""
        return self.activation.name

    @property
    def parameters(self) -> dict[str, float]:
        """The activation's parameters by name; softmax's temperature of 1 is left unsaid."""
        return {p.name: p.default for p in self.activation.parameters if p.name != "temperature"}

    @property
    def twins(self) -> dict[str, Any]:
        """The same function in other libraries, as its definition says; of what is raced."""
        return dict(self.activation.definition.twins) if self.name in RACED else {}


def as_they_are(answer: Any) -> tuple[Array, ...]:
    """Return an answer of NumPy arrays as a tuple of them."""
    return answer if isinstance(answer, tuple) else (answer,)


@dataclass(frozen=True)
class Ready:
    """A contestant that is set up: `call` is what is timed, `read` turns its answer into NumPy arrays."""

    call: Callable[[], Any]
    read: Callable[[Any], Sequence[Array]] = as_they_are


def draw(shape: tuple[int, ...], seed: int) -> Array:
    """Return float32 draws of a normal distribution of spread 3: kinks, slopes and flat ends all occur."""
    array = empty(shape)
    np.random.default_rng(seed).standard_normal(out=array, dtype=np.float32)
    array *= 3
    return array


def empty(shape: tuple[int, ...]) -> Array:
    """Return an uninitialised float32 array that begins at a cache line."""
    size = int(np.prod(shape))
    raw = np.empty(size + LINE // 4, np.float32)
    start = -raw.ctypes.data % LINE // 4
    return raw[start : start + size].reshape(shape)
