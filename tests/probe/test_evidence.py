from maild.probe.evidence import Evidence, Knock, KnockResult, Said, Witness
from tests.rows import each_row


def knocks(text: str) -> tuple[Knock, ...]:
    """Such as "587 open, 465 silent"."""
    pairs = [part.split() for part in text.split(", ") if part]
    return tuple(Knock(host="h.example", port=int(port), result=KnockResult(word)) for port, word in pairs)


@each_row(
    ("port", "own", "controls", "seen"),
    [
        (587, "", "", ""),
        (587, "465 silent", "587 silent, 465 silent", "network_down"),
        (587, "", "587 nameless, 465 nameless", ""),
        # A refusal is an answer: there is a network.
        (587, "465 closed", "587 silent, 465 silent", ""),
        (25, "587 open", "25 silent, 25 silent, 587 open", "port_blocked"),
        (25, "", "25 silent, 25 closed, 587 open", "port_blocked"),
        # One unrelated server that does not answer proves nothing.
        (25, "587 open", "25 silent", ""),
        (587, "465 silent", "587 open, 465 silent", "server_down"),
        (587, "465 open", "587 open", ""),
    ],
)
def test_what_a_comparison_shows(port: int, own: str, controls: str, seen: str) -> None:
    evidence = Evidence(port=port, own=knocks(own), controls=knocks(controls))

    found = {
        "network_down": evidence.is_network_down,
        "port_blocked": evidence.is_port_blocked,
        "server_down": evidence.is_server_down,
    }
    assert [name for name, is_so in found.items() if is_so] == ([seen] if seen else [])


def test_the_evidence_is_told_in_a_line() -> None:
    evidence = Evidence(port=25, own=knocks("587 open"), controls=knocks("25 silent, 25 closed, 465 silent"))

    assert str(evidence) == (
        "0 of 2 unrelated hosts answer on port 25; h.example port 587 answers; h.example port 465 is silent"
    )
    assert str(Evidence(port=25)) == ""
    said = (Said.KNOWS, Said.DENIES, Said.NOTHING)
    heard = Evidence(port=25, witnesses=tuple(Witness(server=word[0], said=word) for word in said))
    assert (heard.knowing, heard.denying) == (("k",), ("d",))
    assert str(heard) == (
        "name server k knows the host; name server d knows no such host; name server n does not answer"
    )
    assert evidence.open_ports == (587,)
