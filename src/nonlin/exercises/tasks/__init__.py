"""One exercise, one file: the file's name is the exercise's."""
