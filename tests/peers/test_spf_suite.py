"""The test suite of openspf.org for RFC 7208, as Debian's python3-spf brings it along: 203 cases, all of them."""

import gzip
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml

from maild.records.dialogue import Absent, Found, Question, Reply, Silent, drive
from maild.records.spf import SpfSender, evaluate_spf

SUITE = Path("/usr/share/doc/python3-spf/rfc7208-tests.yml.gz")


class Records:
    """The suite's way to write zones: records of type SPF stand for TXT where a name has none, TIMEOUT for silence."""

    def __init__(self, data: Mapping[str, list[Any]]) -> None:
        self._names = {name.lower(): self._records(items) for name, items in data.items()}

    def answer(self, question: Question) -> Reply:
        name = question.name.lower()
        for _ in range(10):
            records = self._names.get(name)
            if records is None:
                return Absent(is_name_known=False)
            target = next((value for kind, value in records if kind == "CNAME"), None)
            if target is None:
                break
            name = target.lower()
        values = tuple(value for kind, value in self._names[name] if kind == question.rdtype)
        if values:
            return Found(values=values)
        is_silent = ("TIMEOUT", "") in self._names[name]
        return Silent(detail="time-out") if is_silent else Absent(is_name_known=True)

    def _records(self, items: list[Any]) -> list[tuple[str, str]]:
        has_text = any("TXT" in item for item in items if isinstance(item, dict))
        found = []
        for item in items:
            if item == "TIMEOUT":
                found.append(("TIMEOUT", ""))
                continue
            ((kind, value),) = item.items()
            if value != "NONE":
                kind = "TXT" if kind == "SPF" and not has_text else kind
                found.append((kind, self._text(kind, value)))
        return found

    def _text(self, kind: str, value: Any) -> str:  # noqa: ANN401 -- what YAML has
        if kind == "MX":
            return f"{value[0]} {value[1]}."
        return "".join(value) if isinstance(value, list) else str(value)


def test_every_case_of_the_suite_comes_out_as_it_should() -> None:
    if not SUITE.exists():
        pytest.skip("Debian's python3-spf is not installed")
    wrong, total = [], 0
    for scenario in yaml.safe_load_all(gzip.decompress(SUITE.read_bytes())):
        records = Records(scenario["zonedata"])
        for name, case in scenario["tests"].items():
            local, _, domain = case["mailfrom"].rpartition("@")
            client = ip_address(case["host"])
            sender = SpfSender(client=client, local_part=local, domain=domain, helo=case["helo"])
            result = drive(evaluate_spf(sender), records.answer)
            wanted = case["result"] if isinstance(case["result"], list) else [case["result"]]
            explanation = case.get("explanation")
            is_explained = explanation in {None, result.explanation or "DEFAULT"}
            total += 1
            if result.verdict.value not in wanted or not is_explained:
                wrong.append((name, wanted, result))

    assert (wrong, total) == ([], 203)
