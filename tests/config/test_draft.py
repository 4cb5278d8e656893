from maild.config.draft import AccountDraft, default_mode
from maild.config.model import TlsMode
from tests.rows import each_row


@each_row(
    ("port", "mode"),
    [
        (465, TlsMode.IMPLICIT),
        (2465, TlsMode.IMPLICIT),
        (994, TlsMode.IMPLICIT),
        (587, TlsMode.STARTTLS),
        (25, TlsMode.STARTTLS),
        (2525, TlsMode.STARTTLS),
    ],
)
def test_the_mode_follows_the_port(port: int, mode: TlsMode) -> None:
    assert default_mode(port) is mode
    assert AccountDraft(port=port).effective_tls_mode is mode


def test_the_port_is_465_when_none_is_written() -> None:
    assert AccountDraft().effective_port == 465
    assert AccountDraft().effective_tls_mode is TlsMode.IMPLICIT
    assert AccountDraft(port=26).effective_port == 26


def test_a_mode_that_is_written_holds() -> None:
    assert AccountDraft(port=465, tls_mode=TlsMode.NONE).effective_tls_mode is TlsMode.NONE
