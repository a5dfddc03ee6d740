"""Which dtype is computed in: float64 in itself, everything narrower in float32."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from nonlin.errors import InvalidInput


def as_real(x: Any, name: str) -> Any:
    """Return x as a tensor of floats: integers become Keras' default float.

    Raises
    ------
    InvalidInput
        If x is no array of real numbers.
    """
    try:
        tensor = ops.convert_to_tensor(x)
    except (TypeError, ValueError) as reason:
        raise InvalidInput(f"{name} works on tensors of real numbers, not on {type(x).__name__}") from reason
    dtype = dtype_of(tensor)
    if dtype.startswith("complex"):
        raise InvalidInput(f"{name} works on real numbers, not on {dtype}")
    return tensor if "float" in dtype else ops.cast(tensor, keras.config.floatx())


def dtype_of(tensor: Any) -> str:
    """Return the dtype in Keras' words, such as "bfloat16"."""
    return str(keras.backend.standardize_dtype(tensor.dtype))


def wide(dtype: str) -> str:
    """Return the dtype to compute in."""
    return dtype if dtype == "float64" else "float32"
