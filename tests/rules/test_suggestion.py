from tests.rules.examine import GOOD, examine


def helps(unknown_keys: int) -> set[str]:
    keys = "".join(f"{'x' * number}eply_to{number}: a@b.example\n" for number in range(unknown_keys - 1))
    report = examine(GOOD + keys + "reply_too: office@inn.example\n")
    return {found.help for found in report.diagnostics if "`reply_too`" in found.message}


def test_a_key_is_guessed_as_long_as_a_person_can_have_mistyped_them_all() -> None:
    assert helps(100) == {"Write `reply_to` instead of `reply_too`."}
    assert "Write `reply_to` instead of `reply_too`." not in helps(101)
