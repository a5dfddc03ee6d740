"""The model answer of layer_norm."""

import numpy as np


def normalise(x):
    return (x - x.mean()) / x.std()


def pullback(x, g):
    y = normalise(x)
    return (g - g.mean() - y * np.mean(g * y)) / x.std()
