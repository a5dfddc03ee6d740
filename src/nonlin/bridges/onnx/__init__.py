"""Programs and row definitions as ONNX models and functions."""

from nonlin.errors import require

require("onnx", extra="onnx")
