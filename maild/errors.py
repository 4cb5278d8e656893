"""The exceptions of maild: an operation cannot go on, and the family says what the caller does about it.

What is wrong with a user's file or with the world is a diagnostic, what became of a message is a verdict; both are
values and neither stands here. The numbers are those of sysexits(3), which `maild-sendmail` and the daemon return.
"""


class MaildError(Exception):
    """Base of everything maild raises on purpose; its text is a whole sentence for a person and holds no secret."""

    exit_status = 70


class ConfigError(MaildError):
    """The configuration leaves nothing that could be run (EX_CONFIG)."""

    exit_status = 78


class UsageError(MaildError):
    """The caller asked for something that does not exist or does not fit together (EX_USAGE)."""

    exit_status = 64


class TemporaryError(MaildError):
    """It did not work now and may work later: disk full, lock held, name server silent (EX_TEMPFAIL)."""

    exit_status = 75


class PermanentError(MaildError):
    """It cannot work however often it is tried: the data itself is wrong (EX_DATAERR)."""

    exit_status = 65


class InternalError(MaildError):
    """A bug of maild (EX_SOFTWARE)."""

    exit_status = 70
