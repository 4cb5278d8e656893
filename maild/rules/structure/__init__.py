"""ML2: keys and kinds of values, as the schema and the grammar of each value want them."""
