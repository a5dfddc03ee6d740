"""The object that users hold: one definition, and everything that follows from it."""

from nonlin.workbench.activation import Activation
from nonlin.workbench.elementwise import Elementwise
from nonlin.workbench.gated import Gated
from nonlin.workbench.making import chosen, named, of
from nonlin.workbench.rowwise import RowWise
from nonlin.workbench.stochastic import RandomRows, RandomSlope, Stochastic

__all__ = [
    "Activation",
    "Elementwise",
    "Gated",
    "RandomRows",
    "RandomSlope",
    "RowWise",
    "Stochastic",
    "chosen",
    "named",
    "of",
]
