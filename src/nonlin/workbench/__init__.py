"""The object that users hold: one definition, and everything that follows from it."""

from nonlin.workbench.activation import Activation
from nonlin.workbench.elementwise import Elementwise
from nonlin.workbench.making import chosen, named, of
from nonlin.workbench.rowwise import RowWise

__all__ = ["Activation", "Elementwise", "RowWise", "chosen", "named", "of"]
