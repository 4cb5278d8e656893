"""The network: names, TLS, sessions with mail servers and mail services."""
