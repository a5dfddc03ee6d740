"""The model answer of gain."""

import math

import numpy as np

x = np.linspace(-12, 12, 200_001)
density = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


def value(f):
    if f == "relu":
        return np.maximum(x, 0)
    if f == "tanh":
        return np.tanh(x)
    if f == "selu":
        return 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x))
    return x * np.array([math.erfc(-each / math.sqrt(2)) / 2 for each in x])


def gain(f):
    return 1 / math.sqrt(np.sum(value(f) ** 2 * density) * (x[1] - x[0]))


def deviation(f, fan_in):
    return gain(f) / math.sqrt(fan_in)


def signal(f, depth):
    return 0.5**depth
