"""Programs and row definitions as JAX functions with derivatives of their own."""

from nonlin.errors import require

require("jax", extra="jax")
