"""Activations in PyTorch: modules, functions of tensors, initial weights with the right gain, and other models' own.

>>> import torch, nonlin.torch as nlt
>>> model = torch.nn.Sequential(torch.nn.Linear(8, 16), nlt.module("mish"), torch.nn.Linear(16, 1))
>>> model = nlt.init_(model, for_="mish")
>>> nlt.functional.silu(torch.tensor([0.0, 1.0]))
tensor([0.0000, 0.7311])
>>> nlt.swap(torch.nn.Sequential(torch.nn.Linear(8, 8), torch.nn.ReLU()), {"ReLU": "gelu"})
Replaced in a copy of the model:
  1  ReLU()  ->  nonlin.gelu()
"""

from nonlin.bridges.torch import functional
from nonlin.bridges.torch.initialise import init_
from nonlin.bridges.torch.module import ActivationModule, module
from nonlin.bridges.torch.swap import swap
from nonlin.bridges.torch.swap_report import Swap

__all__ = ["ActivationModule", "Swap", "functional", "init_", "module", "swap"]
