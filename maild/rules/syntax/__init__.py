"""ML1: the text of the file cannot be read, so nothing in it counts."""
