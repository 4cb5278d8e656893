"""Recognises the settings of another program in a file, and says them in maild's keys."""
