"""ML7: the looks at servers, and the page with metrics."""
