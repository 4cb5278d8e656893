"""The other end of a round trip: whether a message arrived, how late, and what the receiver thinks of its sender."""

from maild.probe.arrival.authentication_results import AuthenticationResults
from maild.probe.arrival.judgement import Arrival, judge_arrival
from maild.probe.arrival.mailbox import ArrivalError, ArrivalPlace, parse_place

__all__ = ["Arrival", "ArrivalError", "ArrivalPlace", "AuthenticationResults", "judge_arrival", "parse_place"]
