"""The model answer of stable_softplus."""

import math


def softplus(x):
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


SLOPE = "sigmoid"
