"""From a document to values: `account` and `site`, as far as each key is valid, with the faults of the others."""
