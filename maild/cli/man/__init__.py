"""Manual pages, made from the words that `--help`, the schemas and `maild explain` have: nothing is written twice."""
