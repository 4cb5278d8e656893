"""What can be wrong with logging in: the reference to the password, the mechanism, the credentials."""

from typing import Final

from maild.diagnostics import Severity
from maild.probe.findings.finding import LiveFinding

PASSWORDS_SWITCHED_OFF: Final = LiveFinding(
    code="ML413",
    name="m365-smtp-auth-disabled",
    severity=Severity.ERROR,
    summary="The provider takes no passwords for this mailbox any more",
    finds="The login was answered with the enhanced code 5.7.139 or 5.7.30: authenticated SMTP is switched off.",
    why="No password can help, and more tries only risk a lock-out.",
    mend="Let an administrator switch on authenticated SMTP for the mailbox, or use OAuth: `auth: xoauth2`.",
)
MECHANISM_NOT_OFFERED: Final = LiveFinding(
    code="ML712",
    name="auth-mechanism-not-offered",
    severity=Severity.ERROR,
    summary="The server does not offer the way of logging in that the account wants",
    finds="The list of mechanisms after AUTH (RFC 4954) has none that `smtp.auth` allows.",
    why="There was no login and there will be none; the password may be right.",
    mend="Write one of the offered mechanisms as `smtp.auth`, or leave it out and maild chooses. A server that offers "
    "no login at all on this port usually does on 587 or 465.",
)
LOGIN_REJECTED: Final = LiveFinding(
    code="ML726",
    name="login-rejected",
    severity=Severity.ERROR,
    summary="The server refused username or password",
    finds="A 5yz reply to the login, such as 535 or 534 (RFC 4954 §6).",
    why="Nothing can be sent. Probes stop logging in until the password, the username or the server changes, since "
    "repeated failures get accounts locked.",
    mend="Most large providers want an app password in place of the normal one. Check that the username is complete.",
)
LOGIN_REQUIRED: Final = LiveFinding(
    code="ML727",
    name="login-required",
    severity=Severity.ERROR,
    summary="The server wants a login and the account has none",
    finds="A reply such as 530 5.7.0 in place of taking the message.",
    why="Nothing can be sent.",
    mend="Add `username` and `password`, or use the port on which the server trusts your network.",
)
LOGIN_DEFERRED: Final = LiveFinding(
    code="ML728",
    name="login-deferred",
    severity=Severity.ERROR,
    summary="The server would not decide about the login now",
    finds="A 4yz reply to the login such as 454 or 421, or the connection was lost in the middle of it.",
    why="Often too many logins in a short time. Probes wait half an hour, then twice as long each time, up to six.",
    mend="Wait. If it stays, look whether another program logs in with the same account.",
)
LOGIN_PAUSED: Final = LiveFinding(
    code="ML729",
    name="login-paused",
    severity=Severity.WARNING,
    summary="The probe did not try the login, so as not to get the account locked",
    finds="Earlier logins were deferred, or several accounts failed at the same server within an hour.",
    why="Whether the password works is not known until the pause ends or a message is sent.",
    mend="Nothing, or `maild probe ACCOUNT --login` to try at once.",
)
CLEARTEXT_REFUSED: Final = LiveFinding(
    code="ML730",
    name="login-without-encryption",
    severity=Severity.ERROR,
    summary="maild does not send a password over an unencrypted connection",
    finds="A username is configured and the connection has no TLS, and the server is not on this machine.",
    why="Anybody on the way could read the password.",
    mend="Use `mode: implicit` with port 465 or `mode: starttls` with port 587.",
)
SECRET_UNAVAILABLE: Final = LiveFinding(
    code="ML731",
    name="password-unavailable",
    severity=Severity.ERROR,
    summary="The password's reference leads nowhere",
    finds="The file, variable, credential or command that `password` names gave no password.",
    why="There was no login, so nothing can be sent.",
    mend="Make the thing that is named readable for the user that maild runs as.",
)
TOKEN_REFUSED: Final = LiveFinding(
    code="ML750",
    name="access-token-refused",
    severity=Severity.ERROR,
    summary="The token service gives no access token",
    finds="The request for an OAuth 2.0 access token was answered with a refusal, such as invalid_grant or "
    "invalid_client (RFC 6749 §5.2), or nobody has logged in yet.",
    why="Nothing can be sent, and asking again does not help: a login that was taken back, or that ended because a "
    "password changed or it was not used for months, has to be made anew; a client secret has an end, too.",
    mend="With `grant: login` run `maild account login ACCOUNT`. Otherwise make a new secret for the application, put "
    "it where `password` says, and check its permissions.",
)
MEMORY_LOST: Final = LiveFinding(
    code="ML739",
    name="login-memory-unusable",
    severity=Severity.WARNING,
    summary="What was known of earlier logins could not be read or written",
    finds="The file with the memory of logins is damaged or its folder not writable.",
    why="After a restart a refused password may be tried once more.",
    mend="A damaged file is set aside and replaced by itself. Otherwise make the spool folder writable.",
)
