"""What a server can have against a sender, a recipient or a message; only `maild test` gets that far."""

from typing import Final

from maild.diagnostics import Severity
from maild.probe.findings.finding import LiveFinding

EXTENSION_MISSING: Final = LiveFinding(
    code="ML735",
    name="extension-missing",
    severity=Severity.ERROR,
    summary="The server lacks something that the message needs",
    finds="An address with characters beyond ASCII and no SMTPUTF8 (RFC 6531), or a message over the size limit.",
    why="This message cannot go through this server; others can.",
    mend="Use an address in ASCII, or another account.",
)
SENDER_REFUSED: Final = LiveFinding(
    code="ML736",
    name="sender-refused",
    severity=Severity.ERROR,
    summary="The server does not let this account send as this address",
    finds="A refusal of MAIL FROM.",
    why="Providers let you send only as the address that you log in with or one that you proved to own.",
    mend="Make `email` the address of the account, or add it to the account as an alias at the provider.",
)
RECIPIENT_REFUSED: Final = LiveFinding(
    code="ML737",
    name="recipient-refused",
    severity=Severity.ERROR,
    summary="The server does not take mail for this recipient",
    finds="A refusal of RCPT TO.",
    why="The address does not exist, or the server relays only for those who log in.",
    mend="Check the address after `--to`.",
)
MESSAGE_REFUSED: Final = LiveFinding(
    code="ML738",
    name="message-refused",
    severity=Severity.ERROR,
    summary="The server or service did not take the message",
    finds="A refusal after the message was sent, or an HTTP answer other than 2xx.",
    why="The account works up to here; the words of the server say what it dislikes.",
    mend="Read the server's words; they usually name a limit, a block list or a missing permission.",
)
OWN_ADDRESS_REFUSED: Final = LiveFinding(
    code="ML785",
    name="own-address-refused",
    severity=Severity.WARNING,
    summary="The server takes no mail for the account's own address",
    finds="A 5yz reply to RCPT with the sender's own address, which the probe takes back right after.",
    why="Answers and bounces to this sender get lost, or the server passes on no mail at all for this account.",
    mend="Look whether the sender's address exists. If it is only for sending, set `reply_to` to one that is read.",
)
NOT_ARRIVED: Final = LiveFinding(
    code="ML788",
    name="message-not-arrived",
    severity=Severity.ERROR,
    summary="The test message was taken and did not arrive",
    finds="A message that the account's server took was not in the mailbox (`probe.round_trip.arrives_in`, or "
    "`maild test --arrives-in`) when the time was over.",
    why="What is sent through this account may get lost, be put off for long, or lie in a folder for spam.",
    mend="Look into the mailbox's folder for spam and at the sender's inbox for a bounce; greylisting takes minutes.",
)
SENDER_DOUBTED: Final = LiveFinding(
    code="ML789",
    name="receiver-doubts-sender",
    severity=Severity.WARNING,
    summary="The receiver does not believe that the message is from its sender",
    finds="The receiver's Authentication-Results (RFC 8601) of the test message name a check that did not pass.",
    why="Such mail goes into the folder for spam, or is refused by receivers that are stricter.",
    mend="`maild probe ACCOUNT` says which DNS record is missing or wrong: SPF has to name the account's server, DKIM "
    "needs the key that the server signs with, and one of them has to be of the sender's own domain for DMARC.",
)
ARRIVED_LATE: Final = LiveFinding(
    code="ML751",
    name="message-arrived-late",
    severity=Severity.WARNING,
    summary="The test message took long to arrive",
    finds="More than half of the time went by that it had (`within`).",
    why="Somebody on the way is slow or puts mail off, as greylisting does with senders that it does not know.",
    mend="Look at the Received fields of a message: the times in them tell where it waited.",
)
MAILBOX_CLOSED: Final = LiveFinding(
    code="ML752",
    name="mailbox-not-readable",
    severity=Severity.WARNING,
    summary="The mailbox of the round trip cannot be looked into",
    finds="The Maildir cannot be read, or the IMAP server cannot be reached, refuses the login or has no such folder.",
    why="Whether the test message arrived is not known.",
    mend="Correct `probe.round_trip`: `arrives_in` and `password_file`.",
)
