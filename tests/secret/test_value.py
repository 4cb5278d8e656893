import copy
import pickle

import pytest

from maild.secret import Secret


def test_a_secret_shows_itself_only_when_revealed() -> None:
    secret = Secret("hunter2")

    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret:>20}",
        f"{secret}",
        repr([secret]),
        repr({"p": secret}),
    ]

    assert secret.reveal() == "hunter2"
    assert not any("hunter2" in text for text in shown)


def test_a_secret_cannot_be_serialised_or_copied() -> None:
    secret = Secret("hunter2")

    with pytest.raises(TypeError, match="never serialised"):
        pickle.dumps(secret)
    with pytest.raises(TypeError, match="never serialised"):
        copy.copy(secret)


def test_secrets_compare_by_what_they_hold() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert not Secret("")
