"""The configuration: YAML with positions, its schema, and what it means as values."""
