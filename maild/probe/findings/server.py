"""What can be wrong with reaching the account's server or service: its name, the way there, TLS."""

from typing import Final

from maild.diagnostics import Severity
from maild.probe.findings.finding import LiveFinding

CERTIFICATE_EXPIRING: Final = LiveFinding(
    code="ML320",
    name="tls-certificate-expiring",
    severity=Severity.WARNING,
    summary="The server's certificate ends soon",
    finds="The certificate is valid today and ends within 14 days, or within a third of its life when that is shorter.",
    why="On the day it ends every connection that verifies certificates fails, and mail waits in the queue.",
    mend="On your own server see why the renewal did not run. At a provider nothing: it renews in time.",
)
HOST_DOES_NOT_RESOLVE: Final = LiveFinding(
    code="ML710",
    name="host-does-not-resolve",
    severity=Severity.ERROR,
    summary="There is no host of the configured name",
    finds="DNS says that the name in `smtp.host` or `http.url` does not exist or has no address.",
    why="Nothing can be sent. Nearly always a slip of the pen; sometimes the provider gave up an old name.",
    mend="Compare the name with what the provider documents, letter by letter.",
)
NO_STARTTLS: Final = LiveFinding(
    code="ML711",
    name="host-has-no-starttls",
    severity=Severity.ERROR,
    summary="The server does not offer STARTTLS",
    finds="The answer to EHLO lists no STARTTLS (RFC 3207), and the account wants it.",
    why="Going on would send password and mail in clear text. When the server offered it before, something between "
    "you and the server may be removing it.",
    mend="Use port 465 with `mode: implicit` if the server has it. Otherwise switch TLS on in the server.",
)
SERVER_UNREACHABLE: Final = LiveFinding(
    code="ML720",
    name="server-unreachable",
    severity=Severity.ERROR,
    summary="No connection to the server",
    finds="The name has an address, and the connection was refused, timed out or has no way there.",
    why="Nothing can be sent; mail waits and is not charged an attempt.",
    mend="Check the port. Many networks block outgoing port 25; 465 and 587 are nearly always open.",
)
SERVER_SILENT: Final = LiveFinding(
    code="ML721",
    name="server-silent",
    severity=Severity.ERROR,
    summary="The server took the connection and then said nothing, or hung up",
    finds="A time-out or a closed connection in the middle of the conversation.",
    why="Most often the port speaks TLS from the first byte while the account expects it later, or no mail server "
    "listens there at all.",
    mend="Port 465 goes with `mode: implicit`, port 587 with `mode: starttls`.",
)
SERVER_REFUSES: Final = LiveFinding(
    code="ML722",
    name="server-refuses-service",
    severity=Severity.ERROR,
    summary="The server does not want to talk to us",
    finds="A 4yz or 5yz reply in place of the greeting or to EHLO (RFC 5321 §3.1).",
    why="Too many connections, a block list, or maintenance.",
    mend="Read the server's words. With 4yz wait; with 5yz ask the provider about your address.",
)
TLS_FAILED: Final = LiveFinding(
    code="ML723",
    name="tls-handshake-failed",
    severity=Severity.ERROR,
    summary="TLS could not be set up",
    finds="The handshake failed for another reason than the certificate.",
    why="maild does not send without the encryption that the account asks for.",
    mend="An old server may know only TLS 1.0 or 1.1, which are not accepted (RFC 8996): update it.",
)
TLS_MODE_WRONG: Final = LiveFinding(
    code="ML724",
    name="tls-mode-wrong-for-port",
    severity=Severity.ERROR,
    summary="The port begins TLS in the other way",
    finds="The server greeted in clear text where TLS from the first byte was expected, or the other way round.",
    why="The two cannot understand each other; this usually shows as a time-out or as `wrong version number`.",
    mend="Port 465 goes with `mode: implicit`, port 587 and 25 with `mode: starttls`.",
)
CERTIFICATE_INVALID: Final = LiveFinding(
    code="ML725",
    name="tls-certificate-invalid",
    severity=Severity.ERROR,
    summary="The server's certificate was not accepted",
    finds="It is expired, for another name, of an unknown issuer, or weak; the message says which.",
    why="Whoever answered may not be your server, so the password was not sent.",
    mend="With your own server name its authority as `smtp.tls.ca_file`. Never switch verification off at a provider.",
)
PROTOCOL_VIOLATION: Final = LiveFinding(
    code="ML732",
    name="protocol-violation",
    severity=Severity.ERROR,
    summary="What answered does not speak the protocol",
    finds="Answers that are no SMTP replies, or bytes that were slipped in before TLS began.",
    why="Another service listens on this port, or something between you and the server interferes.",
    mend="Check host and port; on a strange network try another one.",
)
DNS_SILENT: Final = LiveFinding(
    code="ML733",
    name="dns-does-not-answer",
    severity=Severity.WARNING,
    summary="No name server answered",
    finds="A time-out, SERVFAIL or REFUSED; the name may well exist.",
    why="Nothing can be said about the account, and what was last known stays.",
    mend="Check the network and `dns.resolvers`.",
)
LOCAL_FAILURE: Final = LiveFinding(
    code="ML734",
    name="local-failure",
    severity=Severity.WARNING,
    summary="This machine could not do its part",
    finds="No descriptors, a CA file that cannot be read, no route out.",
    why="Nothing can be said about the account.",
    mend="Read the words of the message; they name what failed.",
)
ADDRESS_FAILING: Final = LiveFinding(
    code="ML780",
    name="address-failing",
    severity=Severity.WARNING,
    summary="Not every address of the server works",
    finds="The host has several addresses; mail goes out by one, and another one failed in a conversation of its own.",
    why="Whoever connects tries the addresses in turn, so this is seen by nobody until the last good one fails; and "
    "every connection that begins with a dead one is late.",
    mend="At your own server look at the address that is named, or take it out of DNS. At a provider tell them; a "
    "whole family that fails (IPv6 mostly) can lie in your own network.",
)
WEAKER_OFFER: Final = LiveFinding(
    code="ML781",
    name="server-got-weaker",
    severity=Severity.WARNING,
    summary="The server offers less protection than it did",
    finds="STARTTLS, AUTH, every way of logging in that hides the password, or the newer version of TLS is gone; or "
    "the key is another one where nothing vouches for the server.",
    why="Somebody on the way who wants to listen begins with exactly that. Or the server was set up anew.",
    mend="Ask whoever runs the server. If it is meant to be so, `maild probe ACCOUNT --accept-offer`.",
)
KEY_CHANGED: Final = LiveFinding(
    code="ML782",
    name="server-key-changed",
    severity=Severity.INFO,
    summary="The server has another key",
    finds="The public key of the server's certificate was not seen before; the certificate itself is valid.",
    why="Renewals often bring a new key; who pins keys, or publishes them in DNS (TLSA), has to know.",
    mend="Nothing, unless a key is pinned somewhere. It is told once.",
)
NETWORK_DOWN: Final = LiveFinding(
    code="ML783",
    name="own-network-down",
    severity=Severity.WARNING,
    summary="Nobody can be reached from here",
    finds="Neither the account's server nor any of the control targets (`probe.control`) answers.",
    why="Nothing can be said about the account; what was last known of it stays. Mail waits and is not charged a try.",
    mend="Check the network connection of this machine, its router, its firewall.",
)
PORT_BLOCKED: Final = LiveFinding(
    code="ML784",
    name="port-blocked",
    severity=Severity.ERROR,
    summary="Your network lets nobody out on this port",
    finds="Unrelated servers do not answer on this port either, and something answers on another one.",
    why="Nothing can be sent by this port, to no server. Many networks block port 25, some more.",
    mend="Use another port of the server (587 or 465), or have the port opened.",
)
OFFERS_LOST: Final = LiveFinding(
    code="ML786",
    name="offer-memory-unusable",
    severity=Severity.WARNING,
    summary="What servers used to offer could not be read or written",
    finds="The file with the memory of offers is damaged or its folder not writable.",
    why="A server that becomes weaker meanwhile would not be noticed.",
    mend="A damaged file is set aside and replaced by itself. Otherwise make the spool folder writable.",
)
SERVICE_DOUBTFUL: Final = LiveFinding(
    code="ML787",
    name="service-doubtful",
    severity=Severity.WARNING,
    summary="The mail service was reached and does not answer as it should",
    finds="A HEAD request had no answer, or one of a gateway that misses the service behind it (502, 503, 504).",
    why="Messages will probably not be taken either. They are tried all the same: not every service knows HEAD.",
    mend="See whether messages go out. If they wait, ask whoever runs the service.",
)
RESOLVER_WRONG: Final = LiveFinding(
    code="ML713",
    name="resolver-does-not-know-host",
    severity=Severity.ERROR,
    summary="A name server does not know the account's host, and another one does",
    finds="The host could not be looked up by the usual way, and one of the name servers of `dns.resolvers`, or of "
    "the system's, knows it when each of them is asked by itself.",
    why="Nothing can be sent while the wrong one is asked, or now and then nothing where several take turns.",
    mend="Correct the name server that does not know it, or take it out of `dns.resolvers` or /etc/resolv.conf.",
)
