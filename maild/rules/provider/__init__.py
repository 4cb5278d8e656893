"""ML4: what one provider wants and another does not, from the facts in `maild.providers`."""
