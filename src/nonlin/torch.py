"""Activations in PyTorch: modules, functions of tensors, and initial weights with the right gain."""

from nonlin.bridges.torch import functional
from nonlin.bridges.torch.initialise import init_
from nonlin.bridges.torch.module import ActivationModule, module

__all__ = ["ActivationModule", "functional", "init_", "module"]
