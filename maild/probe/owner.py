"""Whose turn it is to do something about a finding. Pure."""

from enum import StrEnum


class Owner(StrEnum):
    """Who has to do something."""

    YOU = "your settings"
    NETWORK = "your network"
    DNS = "DNS"
    PROVIDER = "the provider"
    CREDENTIALS = "the credentials"
