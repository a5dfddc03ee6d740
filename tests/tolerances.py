"""How far our forms in other languages may be from our kernels, as it was measured."""

from __future__ import annotations

import numpy as np

JAVASCRIPT = {
    "gelu_tanh": (1400, 1500), "quick_gelu": (650, 700), "gelu": (6, 6), "mish": (5, 9), "silu": (3, 5),
    "swish": (3, 5), "sigmoid": (2, 4), "softplus": (2, 2), "log_sigmoid": (3, 2), "tanh": (3, 5),
    "celu": (1, 1), "elu": (1, 1), "selu": (2, 2), "hard_swish": (0, 2),
    "sloped_hard_sigmoid": (np.inf, 0), "exponential": (1, 1), "lisht": (3, 2), "laplace": (1600, 1700),
    "sqrt_softplus": (2, 4), "scaled_tanh": (4, 420), "gelu_clipped": (6, 4), "softplus_beta": (2, 2),
    "tanh_shrink": (2, 6), "squareplus": (2, 5), "xielu": (16, 5), "sine": (1, 1), "snake": (4, np.inf),
    "snake_beta": (4, np.inf), "scaled_elu": (2, 2), "thresholded_softplus": (2, 2),
}  # fmt: skip
"""The worst error in ulp of value and slope; others 0. Far in the tail of the approximations of GELU the argument of
the exponential loses digits as a product; at the lower kink of a sloped hard sigmoid, whose alpha is rounded, two
terms cancel."""


def vanishing(x: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return how many ulp more are allowed: |x| where the factor of x is subnormal."""
    return np.where(np.abs(truth) < np.abs(x) * np.finfo(x.dtype).tiny, np.minimum(np.abs(x), 1000), 0)
