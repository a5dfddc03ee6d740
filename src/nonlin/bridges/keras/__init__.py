"""Programs and row definitions as functions and layers of Keras 3, on any of its backends."""

from nonlin.errors import MissingExtra, require

try:
    require("keras", extra="keras")
except ModuleNotFoundError as missing:
    if missing.name != "tensorflow":
        raise
    raise MissingExtra(
        "Keras wants TensorFlow, which is not installed; "
        "set KERAS_BACKEND=jax or KERAS_BACKEND=torch before Python starts"
    ) from missing
