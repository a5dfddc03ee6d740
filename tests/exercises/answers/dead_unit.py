"""The model answer of dead_unit."""

import numpy as np


def is_dead(w, b, X):
    return not np.any(X @ w + b > 0)


def gradient(w, b, X, g):
    return (g * (X @ w + b > 0)) @ X


def cured(w, b, X):
    return -np.median(X @ w)


WHY = "b"
