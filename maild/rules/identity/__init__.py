"""ML5: passwords and senders."""
