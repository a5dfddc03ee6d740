"""What follows from a formula: derivatives, Programs and the proved reference."""
