"""Programs and row definitions as PyTorch functions, modules and initial weights."""

from nonlin.errors import require

require("torch", extra="torch")
