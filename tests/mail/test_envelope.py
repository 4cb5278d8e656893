from maild.mail.address import Mailbox
from maild.mail.envelope import Envelope

ASCII = Mailbox.parse("a@example.org")
UTF8 = Mailbox.parse("jürgen@example.org")


def test_an_envelope_needs_smtputf8_when_a_local_part_is_not_ascii() -> None:
    assert not Envelope(sender=ASCII, recipients=(ASCII,)).needs_smtputf8
    assert not Envelope(sender=None, recipients=(ASCII,)).needs_smtputf8
    assert Envelope(sender=UTF8, recipients=(ASCII,)).needs_smtputf8
    assert Envelope(sender=None, recipients=(ASCII, UTF8)).needs_smtputf8
