"""`maild lsp`: what `maild check`, `--fix` and `explain` say, live in an editor, and the schemas' words as one types.

`server` speaks the language server protocol and is the only file that knows pygls. `desk` holds the open files over
the folder on disk and has them judged. Everything else computes.
"""
