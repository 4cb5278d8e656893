"""What an error of the system is called: a word for counting, a sentence for people. Pure."""

import errno


def word_of(error: OSError) -> str:
    """The name of its number, such as `enospc`."""
    return errno.errorcode.get(error.errno or 0, "oserror").lower()


def sentence_of(error: OSError) -> str:
    """What is wrong, and with which file where that is known."""
    return f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
