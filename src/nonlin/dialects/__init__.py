"""Dialects: what other frameworks call an activation, and what exactly they mean by it."""

from nonlin.dialects.frameworks import FRAMEWORKS, Framework, framework
from nonlin.dialects.lookup import choose, choose_in, contested, shortest
from nonlin.dialects.meanings import Meaning, as_dict, meanings, meanings_of, near_in_name

__all__ = [
    "FRAMEWORKS", "Framework", "Meaning", "as_dict", "choose", "choose_in", "contested", "framework", "meanings",
    "meanings_of", "near_in_name", "shortest",
]  # fmt: skip
