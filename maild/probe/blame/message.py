"""Cases of what comes after the login: sender, recipient, message, HTTP request; and what has no place elsewhere."""

from typing import Final

from maild.mail.phase import Phase
from maild.net.step import Reason
from maild.probe.blame.case import Case, is_code, is_permanent, is_transient
from maild.probe.findings.message import EXTENSION_MISSING, MESSAGE_REFUSED, RECIPIENT_REFUSED, SENDER_REFUSED
from maild.probe.findings.server import LOCAL_FAILURE, PROTOCOL_VIOLATION, SERVER_SILENT
from maild.probe.owner import Owner

_URL: Final = ("/http/url",)
_CONTENT: Final = (Phase.DATA, Phase.BODY)

LOCAL: Final = (
    Case(
        finding=LOCAL_FAILURE,
        reasons=(Reason.LOCAL,),
        owner=Owner.YOU,
        cause="This machine could not do its part.",
        fix="Read the words above; they name what failed.",
        pointers=("/smtp/tls/ca_file", "/smtp/tls/cert_file"),
    ),
)
"""Before all others: whatever phase it showed in, it says nothing about the server."""

MESSAGE: Final = (
    Case(
        finding=EXTENSION_MISSING,
        reasons=(Reason.UNSUPPORTED,),
        owner=Owner.PROVIDER,
        cause="The server lacks an extension that this message needs.",
        fix="Use addresses in ASCII, a smaller message, or another account.",
    ),
    Case(
        finding=SENDER_REFUSED,
        phases=(Phase.MAIL,),
        when=(is_permanent,),
        owner=Owner.YOU,
        cause="The server does not let this account send as its sender address.",
        fix="Send as the address that you log in with, or add this one to the account at the provider.",
        pointers=("/email", "/username"),
    ),
    Case(
        finding=RECIPIENT_REFUSED,
        phases=(Phase.RCPT,),
        when=(is_permanent,),
        owner=Owner.YOU,
        cause="The server does not take mail for this recipient: the address does not exist or is not allowed.",
        fix="Check the recipient's address.",
    ),
    Case(
        finding=MESSAGE_REFUSED,
        phases=_CONTENT,
        when=(is_permanent,),
        owner=Owner.PROVIDER,
        cause="The server took the addresses and refused the message itself.",
        fix="Read the server's words: a limit, a filter, or a sender address that is not allowed in the header.",
        pointers=("/email", "/username"),
    ),
    Case(
        finding=MESSAGE_REFUSED,
        phases=(Phase.MAIL, Phase.RCPT, *_CONTENT),
        when=(is_transient,),
        owner=Owner.PROVIDER,
        cause="The server does not take the message now: a rate limit, greylisting, or trouble of its own.",
        fix="Wait and try again; the daemon does so by itself.",
    ),
)

REQUEST: Final = (
    Case(
        finding=MESSAGE_REFUSED,
        phases=(Phase.REQUEST,),
        when=(is_code(401, 403, 407),),
        owner=Owner.PROVIDER,
        cause="The service does not let you use this URL.",
        fix="Check the URL, and whether the service knows your address.",
        pointers=_URL,
    ),
    Case(
        finding=MESSAGE_REFUSED,
        phases=(Phase.REQUEST,),
        when=(lambda scene: scene.reply is not None and 300 <= scene.reply.code <= 399,),
        owner=Owner.YOU,
        cause="The service has moved; maild does not follow, since the message would go to a place nobody chose.",
        fix="Write the new URL.",
        pointers=_URL,
    ),
    Case(
        finding=MESSAGE_REFUSED,
        phases=(Phase.REQUEST,),
        when=(is_code(404, 405, 410, 415),),
        owner=Owner.YOU,
        cause="There is a web server at the URL and no mail service.",
        fix="Check the URL, its path too.",
        pointers=_URL,
    ),
    Case(
        finding=MESSAGE_REFUSED,
        phases=(Phase.REQUEST,),
        when=(is_code(429),),
        owner=Owner.PROVIDER,
        cause="The service got too many messages from you in a short time.",
        fix="Wait, and set `limits.per_minute`.",
        pointers=("/limits/per_minute",),
    ),
    Case(
        finding=MESSAGE_REFUSED,
        phases=(Phase.REQUEST,),
        when=(is_permanent,),
        owner=Owner.PROVIDER,
        cause="The service is there and has trouble of its own.",
        fix="Wait and try again; the daemon does so by itself.",
    ),
    Case(
        finding=MESSAGE_REFUSED,
        phases=(Phase.REQUEST,),
        when=(is_transient,),
        owner=Owner.YOU,
        cause="The service did not accept what it was sent.",
        fix="Read the service's words; check the reply address and the recipient.",
        pointers=("/reply_to", "/http/url"),
    ),
)

ANYTHING: Final = (
    Case(
        finding=SERVER_SILENT,
        reasons=(Reason.TIMEOUT, Reason.LOST),
        owner=Owner.PROVIDER,
        cause="The server stopped answering in the middle of the conversation.",
        fix="Try again later; if it stays, ask the provider.",
    ),
    Case(
        finding=PROTOCOL_VIOLATION,
        owner=Owner.PROVIDER,
        cause="The server did not keep to the protocol.",
        fix="Check host and port; if they are right, ask the provider.",
        pointers=("/smtp/host",),
    ),
)
