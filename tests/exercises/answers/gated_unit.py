"""The model answer of gated_unit."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def glu(x, W, b, V, c):
    return (x @ W + b) * sigmoid(x @ V + c)


def swiglu(x, W, b, V, c):
    gate = x @ V + c
    return (x @ W + b) * gate * sigmoid(gate)
