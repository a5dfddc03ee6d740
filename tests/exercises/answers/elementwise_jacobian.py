"""The model answer of elementwise_jacobian."""

import numpy as np


def jacobian(x):
    return np.diag(1 - np.tanh(x) ** 2)


def pullback(x, g):
    return g * (1 - np.tanh(x) ** 2)
