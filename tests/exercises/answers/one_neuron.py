"""The model answer of one_neuron."""

import math


def value_and_slope(f, z):
    if f == "sigmoid":
        s = 1 / (1 + math.exp(-z))
        return s, s * (1 - s)
    if f == "tanh":
        return math.tanh(z), 1 / math.cosh(z) ** 2
    return max(0.0, z), float(z > 0)


def weight_gradient(f, z, x, y):
    a, slope = value_and_slope(f, z)
    return (a - y) * slope * x


LEARNS_AT_MINUS_10 = "sigmoid"
