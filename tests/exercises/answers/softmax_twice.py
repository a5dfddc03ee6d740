"""The model answer of softmax_twice."""

import math


def least_loss(classes):
    return math.log(1 + (classes - 1) / math.e)


def largest_gradient():
    return math.e / (1 + math.e)
