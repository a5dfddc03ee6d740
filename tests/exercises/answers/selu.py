"""The model answer of selu."""

import math

import numpy as np

ALPHA = 1.6732632423543772
SCALE = 1.0507009873554805


def selu(x):
    return SCALE * (x if x > 0 else ALPHA * math.expm1(x))


def moments(n):
    draws = np.random.default_rng(0).standard_normal(n)
    values = np.array([selu(x) for x in draws])
    return values.mean(), values.var()
