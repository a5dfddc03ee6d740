"""Activations in Keras 3, on any of its backends: functions, and layers that learn, are stored and loaded.

>>> import keras, nonlin.keras as nlk
>>> model = keras.Sequential([keras.layers.Dense(8, activation=nlk.mish), nlk.layer("prelu", channel_axis=-1)])
>>> tuple(model(keras.ops.ones((2, 4))).shape)
(2, 8)
>>> print(f"{float(nlk.gelu(-12.0)):.3e}")
-2.132e-32
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nonlin.bridges.keras import functional
from nonlin.bridges.keras.functional import function
from nonlin.bridges.keras.layers import ActivationLayer, layer

__all__ = ["ActivationLayer", "function", "functional", "layer"]


def __getattr__(name: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(functional, name)
    return found


def __dir__() -> list[str]:
    return [*__all__, *dir(functional)]
