"""Examples in docstrings run; those of a bridge only where what it leads to is installed."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("jax") else ["nonlin/jax.py"]
collect_ignore_glob = [] if find_spec("jax") else ["nonlin/bridges/jax/*.py"]
