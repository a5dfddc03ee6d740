"""Programs become machine code that works on arrays."""
