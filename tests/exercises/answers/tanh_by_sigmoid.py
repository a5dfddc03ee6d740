"""The model answer of tanh_by_sigmoid."""

import math


def sigmoid(x):
    return (1 + math.tanh(x / 2)) / 2


def tanh(x):
    return 2 * sigmoid(2 * x) - 1
