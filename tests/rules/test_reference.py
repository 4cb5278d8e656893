from maild.rules.reference import meant_reference
from tests.rows import each_row

VARIABLE = "For a variable write `password: {env: NAME}`, its name without $, braces or percent signs."
FILE = "For a file write `password: {file: PATH}`."


@each_row(
    ("value", "advice"),
    [
        ("$SMTP_PASSWORD", VARIABLE),
        ("${SMTP_PASSWORD}", VARIABLE),
        ("${env:SMTP_PASSWORD}", VARIABLE),
        ("%SMTP_PASSWORD%", VARIABLE),
        ("env:SMTP_PASSWORD", VARIABLE),
        ("{{ smtp_password }}", VARIABLE),
        ("/run/secrets/smtp", FILE),
        ("~/smtp.pass", FILE),
        ("file:smtp.pass", FILE),
        ({"env:X": None}, "Write a blank behind the colon: `{env: …}`."),
        ({"env:X": "y"}, None),
        ({"hunter2": None}, None),
        ({"HUNTER2": None}, None),
        (
            {"SMTP_PASSWORD": None},
            "For a variable write `password: {env: NAME}`: in the braces `env:` belongs before its name.",
        ),
        ({"a": None, "b": None}, None),
        ("hunter2", None),
        ("correct horse / battery", None),
        (12, None),
        (None, None),
    ],
)
def test_a_reference_is_told_from_a_password_by_its_form(value: object, advice: str | None) -> None:
    assert meant_reference(value) == advice
