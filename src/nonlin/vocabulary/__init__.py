"""The language that activations are defined in; SymPy only, nothing computed."""

from nonlin.vocabulary.arrangement import Arrangement
from nonlin.vocabulary.claims import (
    Bounded,
    Claim,
    Complement,
    Increasing,
    Limit,
    Minimum,
    Odd,
    Slope,
    Value,
)
from nonlin.vocabulary.definition import (
    Definition,
    KinkRule,
    as_written,
    kinks,
    switches,
    switching_place,
    trace,
)
from nonlin.vocabulary.gated import GatedDefinition
from nonlin.vocabulary.parameter import Parameter
from nonlin.vocabulary.rows import RowDefinition
from nonlin.vocabulary.stochastic import StochasticDefinition
from nonlin.vocabulary.twin import Twin
from nonlin.vocabulary.words import (
    WORDS,
    Word,
    abs,
    cos,
    equal,
    erf,
    exp,
    expm1,
    expm1_rest,
    gate,
    hypot,
    inf,
    log,
    log1p,
    max,
    min,
    normal_cdf,
    normal_pdf,
    number,
    pi,
    sech2,
    sigmoid,
    sign,
    sin,
    softplus,
    sqrt,
    tanh,
    tanh_rest,
    where,
    x,
)

__all__ = [
    "WORDS", "Arrangement", "Bounded", "Claim", "Complement", "Definition", "GatedDefinition", "Increasing",
    "KinkRule", "Limit", "Minimum", "Odd", "Parameter", "RowDefinition", "Slope", "StochasticDefinition", "Twin",
    "Value", "Word", "abs", "as_written", "cos", "equal", "erf", "exp", "expm1", "expm1_rest", "gate", "hypot", "inf",
    "kinks", "log", "log1p", "max", "min", "normal_cdf", "normal_pdf", "number", "pi", "sech2", "sigmoid", "sign",
    "sin", "softplus", "sqrt", "switches", "switching_place", "tanh", "tanh_rest", "trace", "where", "x",
]  # fmt: skip
