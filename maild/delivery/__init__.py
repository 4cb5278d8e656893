"""Delivery: which message goes now, through which account, and what its outcome means."""
