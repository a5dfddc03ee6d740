"""The words as scalar machine code: float64 arithmetic, short for float32 results, long for float64 ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from nonlin.kernels.primitives import exp, library, logistic, normal, select

Precision = Literal["single", "double"]
"""How many digits a kernel's float64 lanes must hold: those of a float32 result, or all."""

PRIMITIVES: Mapping[Precision, Mapping[str, Callable[..., Any]]] = {
    "single": {
        "exp": exp.exp_single,
        "expm1": exp.expm1_single,
        "sigmoid": logistic.sigmoid_single,
        "softplus": logistic.softplus_single,
        "tanh": logistic.tanh_single,
        "sech2": logistic.sech2_single,
        "erf": normal.erf_single,
        "normal_cdf": normal.normal_cdf_single,
        "normal_pdf": normal.normal_pdf_single,
        "log": library.log,
        "log1p": library.log1p,
        "sin": library.sin,
        "cos": library.cos,
        "pow": library.power,
        "abs": select.magnitude,
        "sign": select.sign,
        "where": select.where,
    },
    "double": {
        "exp": exp.exp_double,
        "expm1": exp.expm1_double,
        "sigmoid": logistic.sigmoid_double,
        "softplus": logistic.softplus_double,
        "tanh": logistic.tanh_double,
        "sech2": logistic.sech2_double,
        "erf": normal.erf_double,
        "normal_cdf": normal.normal_cdf_double,
        "normal_pdf": normal.normal_pdf_double,
        "log": library.log,
        "log1p": library.log1p,
        "sin": library.sin,
        "cos": library.cos,
        "pow": library.power,
        "abs": select.magnitude,
        "sign": select.sign,
        "where": select.where,
    },
}
"""Each word and `pow`; the other operations of a Program are Python's own operators."""
