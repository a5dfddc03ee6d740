"""One experiment, one file: the file's name is the experiment's, its docstring's first line is the question."""
