"""What checks find: code, name, severity and documentation of every live finding, as data.

`blame` chooses among these for conversations that failed, the checks for the rest. ML320, ML413 and ML71x stand where
rules of the same subject have their codes, and so do ML517 to ML519; ML720 to ML739 are about the account's server or
service, ML740 to ML749 about the sender's domain, ML750 about access tokens, ML751 and ML752 about round trips, ML753
to ML779 and ML790 to ML799 about what DNS says, ML780 to ML789 about comparing: with other addresses, other servers,
other days. A code is never reused.
"""

from maild.probe.findings.catalogue import LIVE_FINDINGS
from maild.probe.findings.finding import LiveFinding

__all__ = ["LIVE_FINDINGS", "LiveFinding"]
