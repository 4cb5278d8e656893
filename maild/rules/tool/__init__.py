"""ML9: maild's own settings for its rules, and its own errors."""
