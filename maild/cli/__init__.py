"""The command line: one file a command; `main` knows them all and loads the one that was asked for."""
