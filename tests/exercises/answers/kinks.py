"""The model answer of kinks."""

import numpy as np


def kinks(w, b):
    return np.sort(-b / w)


def relu(x):
    return max(0.0, x)


def tent(x):
    return relu(x + 1) - 2 * relu(x) + relu(x - 1)


def regions(n):
    return 1 + n * (n + 1) // 2
