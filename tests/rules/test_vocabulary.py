"""The words of other programs lead to keys and values that exist."""

from maild.config.document import join_pointer
from maild.config.fault import Pointer
from maild.config.schema import Shape, known_keys
from maild.rules.spelling import fold
from maild.rules.vocabulary import ACCOUNT_SYNONYMS, SITE_SYNONYMS, VALUE_SYNONYMS
from tests.rows import each_row
from tests.rules.examine import codes, examine


def places(*shapes: Shape) -> set[Pointer]:
    return {join_pointer(level, key) for shape in shapes for level, keys in known_keys(shape).items() for key in keys}


def test_every_foreign_word_leads_to_a_key_that_exists() -> None:
    account = {place for found in ACCOUNT_SYNONYMS.values() for place in found}
    site = {place for found in SITE_SYNONYMS.values() for place in found}

    assert account <= places(Shape.SMTP, Shape.HTTP, Shape.SERVICE)
    assert site <= places(Shape.SITE)


def test_words_are_folded() -> None:
    assert all(word == fold(word) for word in (*ACCOUNT_SYNONYMS, *SITE_SYNONYMS))


@each_row("pointer", VALUE_SYNONYMS)
def test_every_foreign_value_leads_to_a_value_that_is_taken(pointer: str) -> None:
    values = set(VALUE_SYNONYMS[pointer].values())
    files = {
        "/protocol": "protocol: {}\nsmtp: {{host: localhost}}\nhttp: {{url: 'https://a.example'}}\n",
        "/smtp/tls/mode": "protocol: smtp\nsmtp: {{host: localhost, tls: {{mode: {}}}}}\n",
        "/smtp/tls/min_version": "protocol: smtp\nsmtp: {{host: localhost, tls: {{min_version: {}}}}}\n",
        "/http/tls/min_version": "protocol: http\nhttp: {{url: 'https://a.example', tls: {{min_version: {}}}}}\n",
        "/smtp/auth": "protocol: smtp\nsmtp: {{host: localhost, auth: {}}}\n",
    }

    assert all("ML204" not in codes(examine(files[pointer].format(value))) for value in values)


@each_row(
    ("key", "advice"),
    [
        ("server", "Delete `server`: `smtp.host` is there already."),
        ("EMAIL_HOST", "Delete `EMAIL_HOST`: `smtp.host` is there already."),
        ("smtp_port", "Write `port` instead, under `smtp`."),
        ("secure", "Write `tls: {mode: implicit}` instead, under `smtp`; without it, maild goes by the port."),
        ("encryption", "Write `tls: {mode: implicit}` instead, under `smtp`; without it, maild goes by the port."),
        ("Benutzername", "Write `username` instead of `Benutzername`."),
        ("Nom d'utilisateur", "Write `username` instead of `Nom d'utilisateur`."),
        ("Serveur sortant", "Delete `Serveur sortant`: `smtp.host` is there already."),
        ("Servidor de salida", "Delete `Servidor de salida`: `smtp.host` is there already."),
        ("Outgoing mail server (SMTP)", "Delete `Outgoing mail server (SMTP)`: `smtp.host` is there already."),
        (
            "Verschluesselung",
            "Write `tls: {mode: implicit}` instead, under `smtp`; without it, maild goes by the port.",
        ),
        ("tls", "Move it: `tls` belongs under `smtp`."),
        ("login", "Write `username` instead of `login`."),
        ("passwd", "Write `password` instead of `passwd`."),
        ("password_file", "Write `password: {file: …}` instead, with the same value."),
        ("from", "Delete `from`: `email` is there already."),
        ("sender", "Delete `sender`: `email` is there already."),
        ("bcc", "Write `copy_to` instead of `bcc`."),
        ("prot", "Delete `prot`: `protocol` is there already."),
        ("per_mintue", "Write `per_minute` instead, under `limits`."),
    ],
)
def test_what_people_bring_along_is_told_its_name_here(key: str, advice: str) -> None:
    report = examine(f"protocol: smtp\nsmtp: {{host: localhost}}\nemail: a@b.example\n{key}: x\n")

    assert [found.help for found in report.diagnostics if found.code in {"ML201", "ML206"}] == [advice]
