"""Activations in ONNX: as models of standard operators, and as functions for models of your own.

>>> import nonlin.onnx
>>> model = nonlin.onnx.model("relu", opset=18)
>>> [node.op_type for node in model.graph.node if node.op_type != "Constant"]
['Greater', 'Where', 'IsNaN', 'Where', 'Identity']
"""

from nonlin.bridges.onnx.models import function, model

__all__ = ["function", "model"]
