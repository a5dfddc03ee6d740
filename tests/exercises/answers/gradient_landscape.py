"""The model answer of gradient_landscape."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def value_and_slope(f, z):
    if f == "relu":
        return np.maximum(z, 0), (z > 0) * 1.0
    return sigmoid(z), sigmoid(z) * (1 - sigmoid(z))


def landscape(weights, X, f):
    lengths = []
    for x in X:
        slopes, a = [], x
        for W in weights:
            a, slope = value_and_slope(f, W @ a)
            slopes.append(slope)
        g = np.ones(1)
        for W, slope in zip(weights[::-1], slopes[::-1], strict=True):
            g = W.T @ (g * slope)
        lengths.append(np.sqrt(np.sum(g**2)))
    return np.array(lengths)


def nested_slope(x, depth):
    product = 1.0
    for _ in range(depth):
        x = sigmoid(x)
        product *= x * (1 - x)
    return product


BOUND = 1 / 64
