"""The model answer of gelu."""

import math


def gelu(x):
    return x * math.erfc(-x / math.sqrt(2)) / 2


def gelu_tanh(x):
    return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def gelu_sigmoid(x):
    return x / (1 + math.exp(-1.702 * x))


SLOPE_AT_1 = 1.0678
