"""Where the envelope stands in a request to a mail service that takes a message as it is. Pure."""

from enum import StrEnum


class EnvelopePlace(StrEnum):
    """See above; `http.envelope`."""

    HEADERS = "headers"
    QUERY = "query"
