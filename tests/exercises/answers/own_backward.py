"""The model answer of own_backward."""

import numpy as np


def forward(x):
    return x * np.tanh(np.logaddexp(0, x)), x


def backward(saved, g):
    t = np.tanh(np.logaddexp(0, saved))
    s = np.exp(-np.logaddexp(0, -saved))
    return g * (t + saved * (1 - t**2) * s)
