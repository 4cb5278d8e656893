"""The ways out: one file a way, and one explicit list of them in `catalogue`."""
