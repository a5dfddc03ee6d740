"""Examples in docstrings run; those of a bridge only where what it leads to is installed."""

import os
from importlib.util import find_spec

os.environ.setdefault(
    "KERAS_BACKEND", "jax" if find_spec("jax") else "torch"
)  # its own default needs TensorFlow

MISSING = [name for name in ("jax", "keras") if not find_spec(name)]
collect_ignore = [f"nonlin/{name}.py" for name in MISSING]
collect_ignore_glob = [f"nonlin/bridges/{name}/*.py" for name in MISSING]
