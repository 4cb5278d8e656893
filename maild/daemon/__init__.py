"""The daemon: where the real things are built, wired together, reloaded and stopped."""
