import errno

import pytest

from maild.spool.trouble import sentence_of, word_of


@pytest.mark.parametrize(
    ("error", "word", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a.body"), "enospc", "No space left on device: a.body"),
        (OSError(errno.EIO, "Input/output error"), "eio", "Input/output error"),
        (OSError("odd"), "oserror", "odd"),
    ],
)
def test_an_error_has_a_word_and_a_sentence(error: OSError, word: str, sentence: str) -> None:
    assert (word_of(error), sentence_of(error)) == (word, sentence)
