"""nonlin: the workbench for activation functions."""
