"""From a conversation that failed to the likely cause, whose fault it is, the line to change and the fix.

Pure: a table of cases, first match wins, the special before the general. `blame` always has an answer; its words come
from the table and from provider data, never from the server, whose own words are shown beside them.
"""

from maild.probe.blame.case import Blame, Scene, Target
from maild.probe.blame.catalogue import CASES, blame
from maild.probe.owner import Owner

__all__ = ["CASES", "Blame", "Owner", "Scene", "Target", "blame"]
