"""The model answer of maxout."""

import numpy as np


def maxout(x, W, b):
    return np.max(W @ x + b)


def pieces(kind):
    weights = {"relu": [0, 1], "leaky_relu": [0.01, 1], "abs": [-1, 1]}[kind]
    return weights, [0, 0]
