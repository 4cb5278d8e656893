"""When to look after events were seen: not at the first one, not for ever later. Pure.

Editors and git write in bursts, and in the middle of a burst the folder holds half of the truth. So: act when it has
been quiet for a moment; at the latest some seconds after the first event, because something may write all the time;
and while git holds `.git/index.lock` it is in the middle of a checkout, which is worth waiting for, but not for ever:
a crashed git leaves its lock behind.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleTiming:
    """How long to wait, in seconds: quiet time, most after the first event, most while git is at work."""

    quiet_s: float = 0.3
    limit_s: float = 3.0
    git_limit_s: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Events that were not acted on yet: when the first and the last one came (seconds of a monotonic clock)."""

    first_at_s: float
    last_at_s: float


def note_event(burst: Burst | None, *, at_s: float) -> Burst:
    """The burst with one more event."""
    return Burst(first_at_s=at_s if burst is None else burst.first_at_s, last_at_s=at_s)


def remaining_s(burst: Burst, timing: SettleTiming, *, at_s: float, is_git_busy: bool) -> float:
    """How long still to wait before looking; 0 means: look now."""
    if is_git_busy:
        # The lock's going away is an event in no folder that is watched, so it is asked about every quiet time.
        return max(0.0, min(timing.quiet_s, burst.first_at_s + timing.git_limit_s - at_s))
    due_at_s = min(burst.last_at_s + timing.quiet_s, burst.first_at_s + timing.limit_s)
    return max(0.0, due_at_s - at_s)
