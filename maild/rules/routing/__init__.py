"""ML6: routes, delivery and the spool."""
