"""Cases of logging in: the password's reference, the mechanism, the credentials (RFC 4954 §4, §6)."""

from typing import Final

from maild.mail.phase import Phase
from maild.net.step import Reason
from maild.probe.blame.case import (
    Case,
    Scene,
    has_no_username,
    is_code,
    is_permanent,
    is_provider,
    is_transient,
    lacks_address,
    lacks_fixed_username,
)
from maild.probe.findings.login import (
    CLEARTEXT_REFUSED,
    LOGIN_DEFERRED,
    LOGIN_REJECTED,
    LOGIN_REQUIRED,
    MECHANISM_NOT_OFFERED,
    PASSWORDS_SWITCHED_OFF,
    SECRET_UNAVAILABLE,
    TOKEN_REFUSED,
)
from maild.probe.login_policy import are_passwords_off
from maild.probe.owner import Owner

_REFUSED: Final = is_code(530, 534, 535)
_MECHANISM: Final = ("/smtp/auth", "/smtp/port")


def _are_passwords_off(scene: Scene) -> bool:
    return scene.reply is not None and are_passwords_off(scene.reply)


def _knows_mechanisms(scene: Scene) -> bool:
    return scene.target.provider is not None and bool(scene.target.provider.mechanisms)


LOGIN: Final = (
    Case(
        finding=SECRET_UNAVAILABLE,
        reasons=(Reason.SECRET,),
        owner=Owner.CREDENTIALS,
        cause="The password could not be fetched from where the account says it is.",
        fix="Make it available there for the user that maild runs as.",
        pointers=("/password",),
    ),
    Case(
        finding=TOKEN_REFUSED,
        reasons=(Reason.TOKEN,),
        owner=Owner.CREDENTIALS,
        cause="The token service gives no access token to log in with.",
        fix="Run `maild account login` for this account, or renew the application's secret and its permissions.",
        pointers=("/oauth", "/password"),
    ),
    Case(
        finding=TOKEN_REFUSED,
        phases=(Phase.SECRET,),
        owner=Owner.PROVIDER,
        cause="The token service could not be asked, or would not answer now.",
        fix="Wait; see whether this machine reaches the service's web address.",
        pointers=("/oauth/provider",),
    ),
    Case(
        finding=CLEARTEXT_REFUSED,
        reasons=(Reason.CLEARTEXT,),
        owner=Owner.YOU,
        cause="The connection is not encrypted, and maild does not send a password over it.",
        fix="Use port 465 with `mode: implicit`, or port 587 with `mode: starttls`.",
        pointers=("/smtp/tls/mode", "/smtp/port"),
    ),
    Case(
        finding=MECHANISM_NOT_OFFERED,
        reasons=(Reason.NO_MECHANISM,),
        when=(_knows_mechanisms,),
        owner=Owner.YOU,
        cause="{provider} does not offer the way of logging in that the account wants.",
        fix="Write one of these as `auth`, or leave it out: {mechanisms}.",
        pointers=_MECHANISM,
    ),
    Case(
        finding=MECHANISM_NOT_OFFERED,
        reasons=(Reason.NO_MECHANISM,),
        owner=Owner.YOU,
        cause="The server does not offer the way of logging in that the account wants.",
        fix="Write an offered one as `auth`, or leave it out. A server that offers none at all on port {port} wants no "
        "login there, or usually does on 587 or 465.",
        pointers=_MECHANISM,
    ),
    Case(
        finding=PASSWORDS_SWITCHED_OFF,
        phases=(Phase.AUTH,),
        when=(_are_passwords_off, is_provider),
        owner=Owner.CREDENTIALS,
        cause="{provider} takes no passwords for this mailbox: authenticated SMTP is switched off.",
        fix="{advice}",
        pointers=("/smtp/auth", "/password", "/username"),
    ),
    Case(
        finding=PASSWORDS_SWITCHED_OFF,
        phases=(Phase.AUTH,),
        when=(_are_passwords_off,),
        owner=Owner.CREDENTIALS,
        cause="The server takes no passwords for this mailbox: authenticated SMTP is switched off.",
        fix="Let an administrator switch it on for the mailbox, or use OAuth: `auth: xoauth2`.",
        pointers=("/smtp/auth", "/password", "/username"),
    ),
    Case(
        finding=LOGIN_DEFERRED,
        phases=(Phase.AUTH,),
        when=(is_transient,),
        owner=Owner.PROVIDER,
        cause="The server would not decide about the login now, usually after too many logins in a short time.",
        fix="Wait half an hour; see whether another program logs in with the same account.",
    ),
    Case(
        finding=LOGIN_REJECTED,
        phases=(Phase.AUTH,),
        when=(_REFUSED, lacks_address),
        owner=Owner.CREDENTIALS,
        cause="{provider} wants the whole e-mail address as username.",
        fix="Write the address with its domain.",
        pointers=("/username",),
    ),
    Case(
        finding=LOGIN_REJECTED,
        phases=(Phase.AUTH,),
        when=(_REFUSED, lacks_fixed_username),
        owner=Owner.CREDENTIALS,
        cause='{provider} has one username for everybody: "{fixed_username}".',
        fix='Write "{fixed_username}" as username; the key is the password.',
        pointers=("/username",),
    ),
    Case(
        finding=LOGIN_REJECTED,
        phases=(Phase.AUTH,),
        when=(_REFUSED, is_provider),
        owner=Owner.CREDENTIALS,
        cause="{provider} did not accept this username and password.",
        fix="{advice}",
        pointers=("/password", "/username"),
    ),
    Case(
        finding=LOGIN_REJECTED,
        phases=(Phase.AUTH,),
        when=(_REFUSED,),
        owner=Owner.CREDENTIALS,
        cause="The server did not accept this username and password.",
        fix="Check both. Some servers want the whole e-mail address as username, some only the part before the @; "
        "with two-factor login an app password is needed.",
        pointers=("/username", "/password"),
    ),
    Case(
        finding=MECHANISM_NOT_OFFERED,
        phases=(Phase.AUTH,),
        when=(is_code(504),),
        owner=Owner.YOU,
        cause="The server offers this way of logging in and then does not know it.",
        fix="Write another one as `auth`, such as `plain` or `login`.",
        pointers=_MECHANISM,
    ),
    Case(
        finding=CLEARTEXT_REFUSED,
        phases=(Phase.AUTH,),
        when=(is_code(538),),
        owner=Owner.YOU,
        cause="The server wants an encrypted connection before the login.",
        fix="Use port 465 with `mode: implicit`, or port 587 with `mode: starttls`.",
        pointers=("/smtp/tls/mode", "/smtp/port"),
    ),
    Case(
        finding=LOGIN_REJECTED,
        phases=(Phase.AUTH,),
        when=(is_permanent,),
        owner=Owner.CREDENTIALS,
        cause="The server refused the login for good.",
        fix="Read the server's words; check username, password and whether the account may send by SMTP.",
        pointers=("/username", "/password"),
    ),
    Case(
        finding=LOGIN_DEFERRED,
        phases=(Phase.AUTH,),
        owner=Owner.PROVIDER,
        cause="The connection was lost in the middle of the login; some servers do that after too many of them.",
        fix="Wait half an hour; see whether another program logs in with the same account.",
    ),
    Case(
        finding=LOGIN_REQUIRED,
        phases=(Phase.MAIL, Phase.RCPT),
        when=(is_code(530),),
        owner=Owner.YOU,
        cause="The server takes mail only from those who log in.",
        fix="Add `username` and `password`.",
        pointers=("/username", "/smtp/auth", "/smtp/host"),
    ),
    Case(
        finding=LOGIN_REQUIRED,
        phases=(Phase.RCPT,),
        when=(is_code(550, 554), has_no_username),
        owner=Owner.YOU,
        cause="Without a login the server passes mail on only to its own addresses, and this one is probably none.",
        fix="Add `username` and `password`, or check the recipient's address.",
        pointers=("/smtp/host",),
    ),
)
