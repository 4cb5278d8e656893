"""What is taken in from the drop folder: the `intake` section of maild.yaml as a value. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSettings:
    """What is taken in from the drop folder.

    Attributes:
        max_bytes: the largest drop.
        user_messages_per_hour: so many of one user of this machine in any hour; None: no limit.
        user_bytes_per_hour: so many bytes of one user in any hour; None: no limit.
    """

    max_bytes: int = 150 * 1000**2
    user_messages_per_hour: int | None = None
    user_bytes_per_hour: int | None = None
