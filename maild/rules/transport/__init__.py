"""ML3: ports, encryption and URLs: whether mail would leave, and who could read it on its way."""
