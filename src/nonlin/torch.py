"""Activations in PyTorch: modules, functions of tensors, and initial weights with the right gain.

>>> import torch, nonlin.torch as nlt
>>> model = torch.nn.Sequential(torch.nn.Linear(8, 16), nlt.module("mish"), torch.nn.Linear(16, 1))
>>> model = nlt.init_(model, for_="mish")
>>> nlt.functional.silu(torch.tensor([0.0, 1.0]))
tensor([0.0000, 0.7311])
"""

from nonlin.bridges.torch import functional
from nonlin.bridges.torch.initialise import init_
from nonlin.bridges.torch.module import ActivationModule, module

__all__ = ["ActivationModule", "functional", "init_", "module"]
