"""Activations in JAX: every one of the catalog as a function of arrays, and a person's own.

>>> import jax, nonlin.jax as nlj
>>> print(f"{nlj.gelu(-12.0):.5e}")
-2.13178e-32
>>> jax.grad(nlj.swish)(1.0, beta=0.0).item()
0.5
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nonlin.bridges.jax import functional
from nonlin.bridges.jax.functional import function

if TYPE_CHECKING:
    from jax import Array

__all__ = ["function", "functional"]


def __getattr__(name: str) -> Callable[..., Array]:
    found: Any = getattr(functional, name)
    return found  # type: ignore[no-any-return]


def __dir__() -> list[str]:
    return [*__all__, *dir(functional)]
