"""The section `probe.round_trip` of maild.yaml: through which accounts marked messages go, and where to. Pure."""

from typing import Final

from maild.config.build.reader import DurationRange, Reader
from maild.config.probe_settings import USUAL_TRIP_INTERVAL, USUAL_TRIP_TIME, RoundTripSettings

ROUND_TRIP: Final = "/probe/round_trip"
INTERVAL: Final = DurationRange(minimum="1m", maximum="30d")
WITHIN: Final = DurationRange(minimum="10s", maximum="1d")


def read_round_trip(reader: Reader) -> RoundTripSettings | None:
    """The settings; None: there are none, or the recipient or the mailbox is not there, which the schema tells."""
    to, place = reader.mailbox(f"{ROUND_TRIP}/to"), reader.text(f"{ROUND_TRIP}/arrives_in")
    interval = reader.duration(f"{ROUND_TRIP}/interval", INTERVAL)
    within = reader.duration(f"{ROUND_TRIP}/within", WITHIN)
    if to is None or place is None:
        return None
    return RoundTripSettings(
        to=to,
        arrives_in=place,
        password_file=reader.path(f"{ROUND_TRIP}/password_file"),
        interval=USUAL_TRIP_INTERVAL if interval is None else interval,
        within=USUAL_TRIP_TIME if within is None else within,
        accounts=reader.texts(f"{ROUND_TRIP}/accounts"),
    )
