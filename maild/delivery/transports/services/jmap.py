"""The kind `jmap`: mail by JMAP (RFC 8620, RFC 8621): what is asked, and what the answers mean. Pure.

    GET the session                        where everything is
    Identity/get, Mailbox/get              as whom, and where the message may stand until it is sent
    upload                                 the message as it is
    Email/import and EmailSubmission/set   in one request: sends it; the copy is deleted with success

Only the last request sends anything; there is no idempotency key, so a lost answer to it is uncertain. The token
goes to the host of the session and to no other, wherever that points.
"""

import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

from maild.delivery.transports.services.jmap_answer import JmapError, listed, mapping_of, method_answers, parse_object
from maild.delivery.transports.services.kind import Sending
from maild.delivery.transports.services.login import usual_login
from maild.mail.address import Mailbox
from maild.net.http import HttpRequest

SUBMISSION: Final = "urn:ietf:params:jmap:submission"
CORE: Final = "urn:ietf:params:jmap:core"
USING: Final = (CORE, "urn:ietf:params:jmap:mail", SUBMISSION)
MOST_RECIPIENTS: Final = 100

_MOVED: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Where everything is, from the session."""

    api_url: str
    upload_url: str
    account_id: str
    most_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """As whom to send, and in which mailbox a message may stand until it is sent."""

    identity_id: str
    mailbox_id: str


def session_request(sending: Sending) -> HttpRequest:
    """Asks for the session."""
    return HttpRequest(url=sending.url, fields=usual_login(sending), method="GET")


def moved_to(status: int, location: str | None, url: str) -> str | None:
    """Where on the same host the session is instead (RFC 8620 §2.2); None: not said, or elsewhere."""
    if location is None or status not in _MOVED:
        return None
    try:
        return _on_the_host(location, url)
    except JmapError:
        return None


def read_session(text: str, url: str) -> Directory:
    """What the session says.

    Raises:
        JmapError: it is none, or it leads elsewhere.
    """
    found = parse_object(text)
    account_id = mapping_of(found.get("primaryAccounts")).get(SUBMISSION)
    if not isinstance(account_id, str):
        raise JmapError("its session has no account that may send mail")
    upload_url = _on_the_host(found.get("uploadUrl"), url).replace("{accountId}", quote(account_id, safe=""))
    most = mapping_of(mapping_of(found.get("capabilities")).get(CORE)).get("maxSizeUpload")
    return Directory(
        api_url=_on_the_host(found.get("apiUrl"), url),
        upload_url=upload_url,
        account_id=account_id,
        most_bytes=most if isinstance(most, int) else None,
    )


def place_request(sending: Sending, directory: Directory) -> HttpRequest:
    """Asks for identities and mailboxes."""
    wanted = {"accountId": directory.account_id, "ids": None}
    return _call(
        sending,
        directory,
        ["Identity/get", {**wanted, "properties": ["id", "email"]}, "i"],
        ["Mailbox/get", {**wanted, "properties": ["id", "role"]}, "m"],
    )


def read_place(text: str, sender: Mailbox) -> Place:
    """The identity of that sender, else one for its whole domain, else the first; the mailbox for drafts, else any.

    Raises:
        JmapError: there is none.
    """
    answers = method_answers(text)
    identities = [one for one in listed(answers, "Identity/get") if isinstance(one.get("id"), str)]
    mailboxes = [one for one in listed(answers, "Mailbox/get") if isinstance(one.get("id"), str)]
    if not identities or not mailboxes:
        raise JmapError("it has no identity to send as, or no mailbox; the token may be for reading only")
    wanted = [str(sender).lower(), f"*@{sender.domain}".lower()]
    ranked = sorted(identities, key=lambda one: _rank(str(one.get("email")).lower(), wanted))
    drafts = [one for one in mailboxes if one.get("role") == "drafts"]
    return Place(identity_id=ranked[0]["id"], mailbox_id=(drafts or mailboxes)[0]["id"])


def upload_request(sending: Sending, directory: Directory) -> HttpRequest:
    """Brings the message."""
    return HttpRequest(
        url=directory.upload_url,
        content_type="message/rfc822",
        pieces=sending.content,
        fields=usual_login(sending),
    )


def read_upload(text: str) -> str:
    """The blob's id.

    Raises:
        JmapError: there is none.
    """
    blob_id = parse_object(text).get("blobId")
    if not isinstance(blob_id, str):
        raise JmapError("its answer to the upload makes no sense")
    return blob_id


def send_request(sending: Sending, directory: Directory, place: Place, blob_id: str) -> HttpRequest:
    """Sends what was uploaded."""
    account_id, sender = directory.account_id, sending.outgoing.sender
    email = {
        "blobId": blob_id,
        "mailboxIds": {place.mailbox_id: True},
        "keywords": {"$draft": True, "$seen": True},
    }
    submission = {
        "identityId": place.identity_id,
        "emailId": "#m",
        "envelope": {
            "mailFrom": {"email": "" if sender is None else str(sender)},
            "rcptTo": [{"email": str(recipient)} for recipient in sending.recipients],
        },
    }
    return _call(
        sending,
        directory,
        ["Email/import", {"accountId": account_id, "emails": {"m": email}}, "m"],
        [
            "EmailSubmission/set",
            {"accountId": account_id, "create": {"s": submission}, "onSuccessDestroyEmail": ["#s"]},
            "s",
        ],
    )


def discard_request(sending: Sending, directory: Directory, email_id: str) -> HttpRequest:
    """Deletes what was not sent."""
    return _call(sending, directory, ["Email/set", {"accountId": directory.account_id, "destroy": [email_id]}, "d"])


def _call(sending: Sending, directory: Directory, *calls: list[Any]) -> HttpRequest:
    body = json.dumps({"using": USING, "methodCalls": calls}).encode()
    return HttpRequest(
        url=directory.api_url, content_type="application/json", pieces=(body,), fields=usual_login(sending)
    )


def _on_the_host(value: object, session_url: str) -> str:
    if not isinstance(value, str):
        raise JmapError("its session makes no sense")
    try:
        url = urljoin(session_url, value)
        found, wanted = urlsplit(url), urlsplit(session_url)
        is_same = (found.scheme, found.hostname) == (wanted.scheme, wanted.hostname)
    except ValueError:
        url, is_same = "", False
    if not is_same:
        raise JmapError("its session points to another host, where nothing is sent")
    return url


def _rank(email: str, wanted: list[str]) -> int:
    return wanted.index(email) if email in wanted else len(wanted)
