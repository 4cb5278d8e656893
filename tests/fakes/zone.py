"""A world of DNS as text, for dialogues: one record a line, as in a zone file, and what every question gets from it.

    zone = Zone('''
    shop.example      TXT    v=spf1 mx -all
    shop.example      MX     10 mx.shop.example.
    slow.example      SILENT
    www.shop.example  CNAME  shop.example
    ''')
    drive(dialogue, zone.answer)

A name in no line does not exist. `SILENT` gets no answer, `BOGUS` has signatures that do not match; a name after
`secure` in a line of its own (`secure shop.example`) and everything below it is signed.
"""

from maild.records.dialogue import Absent, Found, Question, Reply, Silent


class Zone:
    def __init__(self, text: str) -> None:
        self._records: dict[str, list[tuple[str, str]]] = {}
        self._secure: list[str] = []
        self.asked: list[tuple[str, str]] = []
        for line in text.strip().splitlines():
            name, _, rest = line.strip().partition(" ")
            rdtype, _, value = rest.strip().partition(" ")
            if name == "secure":
                self._secure.append(rdtype)
            else:
                self._records.setdefault(name, []).append((rdtype, value.strip()))

    def answer(self, question: Question) -> Reply:
        self.asked.append((question.name, question.rdtype))
        return self._answer(question.name.lower(), question.rdtype)

    def _answer(self, name: str, rdtype: str) -> Reply:
        records = self._records.get(name)
        is_secure = any(f".{name}".endswith(f".{apex}") for apex in self._secure)
        if records is None:
            is_known = any(known.endswith(f".{name}") for known in self._records)
            return Absent(is_name_known=is_known, canonical_name=name, is_secure=is_secure)
        for kind, value in records:
            if kind == "CNAME":
                return self._answer(value, rdtype)
            if kind in {"SILENT", "BOGUS"}:
                return Silent(detail="SERVFAIL", is_bogus=kind == "BOGUS")
        values = tuple(value for kind, value in records if kind == rdtype)
        if values:
            return Found(values=values, canonical_name=name, is_secure=is_secure)
        return Absent(is_name_known=True, canonical_name=name, is_secure=is_secure)
