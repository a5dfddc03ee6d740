"""The model answer of swish."""

import math


def swish(x, beta):
    return x / (1 + math.exp(-beta * x))


LOWEST_X = -1.2785
LOWEST_Y = swish(LOWEST_X, 1)
