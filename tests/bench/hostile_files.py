"""The files that `hostile` checks: each made to hurt a reader of YAML, or what reads its values. About one MiB each.

    python -m tests.bench.hostile_files FOLDER

writes them, in a process of its own: the benchmark must stay small, since what it starts begins with its size.
"""

import json
import sys
from collections.abc import Mapping
from itertools import islice, permutations
from pathlib import Path
from typing import Final

ACCOUNT: Final = """\
version: 1
protocol: smtp
smtp: {host: smtp.shop.example, port: 465}
username: billing@shop.example
password: {env: SMTP_PASSWORD}
"""
SIZE: Final = 1024 * 1024
SITE: Final = "maild.yaml"


def fill(unit: str, before: str = "", after: str = "") -> str:
    """`unit` again and again between the two, up to one MiB in UTF-8."""
    room = SIZE - len(before.encode()) - len(after.encode())
    return before + unit * (room // len(unit.encode())) + after


def lines(line: str, before: str = "", *, count: int = 100_000) -> str:
    """Numbered lines, as many as asked for or as one MiB holds."""
    text = before + "".join(line.format(number) for number in range(count))
    return text[: text.rindex("\n", 0, SIZE) + 1] if len(text) > SIZE else text


def misspelt(words: tuple[str, ...]) -> str:
    """Keys that are each one edit away from a key that there is, until the file is full."""
    letters = "abcdefghijklmnopqrstuvwxyz_0123456789"
    near = dict.fromkeys(
        f"{word[:at]}{letter}{word[at + skip :]}"
        for word in words
        for at in range(len(word) + 1)
        for letter in letters
        for skip in (0, 1)
    )
    return "".join(f"{key}: 1\n" for key in near if key not in words)


KEYS: Final = ("protocol", "username", "password", "reply_to", "copy_to", "limits", "version", "email", "name", "smtp")
BILLION: Final = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))

ACCOUNTS: Final[dict[str, str]] = {
    "nested lists, flow": fill("["),
    "nested lists, flow, closed": "a: " + "[" * 500_000 + "]" * 500_000,
    "nested mappings, flow": fill("{a: "),
    "nested lists, block": fill("- "),
    "nested mappings, block": "".join(f"{' ' * depth}a:\n" for depth in range(1_400)),
    "nested lists in values": ACCOUNT + "".join("name: " + "[" * 40 + "]" * 40 + "\n" for _ in range(10_000)),
    "alias bomb": "a0: &a0 [x]\n" + BILLION,
    "alias bomb after an account": ACCOUNT + "a0: &a0 [x]\n" + BILLION,
    "alias of itself": fill("*a, ", "a: &a [", "]"),
    "aliases of one text": fill("*a, ", "a: &a x\nb: [", "]"),
    "anchors": lines("a{0}: &a{0} x\n"),
    "anchors in a list": fill("&a x, ", "a: [", "]"),
    "scalar, plain": fill("x", ACCOUNT + "name: "),
    "scalar, plain, words": fill("word ", ACCOUNT + "name: "),
    "scalar, plain, lines": fill("  word\n", ACCOUNT + "name:\n"),
    "scalar, single quotes": fill("x", ACCOUNT + "name: '", "'"),
    "scalar, double quotes": fill("x", ACCOUNT + 'name: "', '"'),
    "scalar, escapes": fill("\\u00e9", ACCOUNT + 'name: "', '"'),
    "scalar, quotes in quotes": fill("''", ACCOUNT + "name: '", "'"),
    "scalar, literal": fill("  word\n", ACCOUNT + "name: |\n"),
    "scalar, folded": fill("  word\n", ACCOUNT + "name: >\n"),
    "scalar, one folded line": fill("x", ACCOUNT + "name: >\n  "),
    "scalar, open quote": fill("x", ACCOUNT + 'name: "'),
    "scalar, open quote, lines": fill("word: 'word'\n", ACCOUNT + "name: '"),
    "scalar as password": fill("x", "protocol: smtp\npassword: "),
    "scalar as username": fill("x", "protocol: smtp\nusername: "),
    "scalar as address": fill("a@b.example, ", "protocol: http\nreply_to: "),
    "scalar as host": fill("a.", "protocol: smtp\nsmtp: {host: ", "}\n"),
    "scalar as URL": fill("a/", "protocol: http\nhttp: {url: 'https://a.example/", "'}\n"),
    "scalar as port": fill("9", "protocol: smtp\nsmtp: {port: ", "}\n"),
    "scalar as key": fill("x", ACCOUNT, ": 1\n"),
    "scalar as explicit key": fill("x", ACCOUNT + "? ", "\n: 1\n"),
    "scalar, digits": fill("1", ACCOUNT + "name: "),
    "keys, block": lines("k{}: 1\n"),
    "keys, flow": "{" + lines("k{}: 1,\n")[:-1] + "}",
    "keys after an account": lines("k{}: 1\n", ACCOUNT),
    "keys of other letters": fill("ключ: 1\n", ACCOUNT),
    "keys without values": lines("k{}:\n"),
    "keys that are numbers": lines("{}: 1\n"),
    "keys that are lists": fill("? [a]\n: 1\n", ACCOUNT),
    "duplicate keys, block": fill("name: x\n", ACCOUNT),
    "duplicate keys, flow": fill("name: x, ", "{", "}"),
    "duplicate keys in a section": fill("  port: 465\n", "protocol: smtp\nsmtp:\n"),
    "unknown keys near known ones": ACCOUNT + misspelt(KEYS),
    "unknown keys in a section": "protocol: smtp\nsmtp:\n" + lines("  pert{}: 1\n", count=15_000),
    "keys of the other protocol": "protocol: smtp\n" + lines("urrl{}: 1\n", count=15_000),
    "recipients": "protocol: http\nreply_to:\n" + lines("- a{}@b.example\n", count=15_000),
    "recipients, wrong": "protocol: http\nreply_to:\n" + lines("- a{}\n", count=15_000),
    "colons": fill(":"),
    "colons and blanks": fill(": "),
    "colons, one a line": fill(":\n"),
    "questions": fill("? "),
    "commas": fill(",", "a: [", "]"),
    "dashes": fill("-\n"),
    "comments": fill("# x\n"),
    "comments after an account": fill("# x\n", ACCOUNT),
    "comment full of addresses": fill("://", ACCOUNT + "# "),
    "value full of addresses": fill("://?a ", ACCOUNT + "name: "),
    "password full of addresses": fill("://", "protocol: smtp\npassword: "),
    "two keys that are numbers": fill("0: x\n1: x\n"),
    "lines in printed quotes": fill("port: \u201ca\u201d\n"),
    "values with tags": fill("- !x y\n"),
    "beginnings of private keys": fill("# -----BEGIN PRIVATE KEY-----\n", ACCOUNT),
    "one long comment": fill("x", ACCOUNT + "# "),
    "comments with known tokens": fill(
        "# SG.aaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", ACCOUNT
    ),
    "ignore comments": fill("# maild: ignore ML301\n", ACCOUNT),
    "ignore comments, misspelt": fill("# maild: ignroe ML301\n", ACCOUNT),
    "ignore comment with many rules": fill("ML301 ", ACCOUNT + "# maild: ignore "),
    "ignore comments behind keys": lines("k{}: 1 # maild: ignore ML301 -- x\n", ACCOUNT, count=15_000),
    "control characters": fill("\x01"),
    "control character at the end": fill("x", ACCOUNT + "name: ", "\x01\n"),
    "bytes of no text": "",
    "zero bytes": fill("\0"),
    "invisible characters": fill("\u200b", ACCOUNT + "name: "),
    "no-break spaces": fill("\u00a0", ACCOUNT + "name: "),
    "wide characters, one line": fill("漢", ACCOUNT + "name: "),
    "wide characters, error at the end": fill("漢", ACCOUNT + "name: ", ": x\n"),
    "wide characters, keys on one line": "{" + "".join(f"漢字{n}: 1, " for n in range(60_000)) + "}",
    "combining characters": fill("e\u0301", ACCOUNT + "nome: "),
    "errors on one line": "{" + "".join(f"k{n}: 1, " for n in range(9_000)) + "}",
    "blanks": fill(" ", ACCOUNT + "name: x"),
    "blank lines": fill("\n", ACCOUNT),
    "blank lines, carriage returns": fill("\r", ACCOUNT),
    "tabs": fill("\t", ACCOUNT + "name:"),
    "tab indentation": fill("\tname: x\n", ACCOUNT),
    "documents": fill("---\n"),
    "documents with an account each": fill("---\n" + ACCOUNT),
    "directives": fill("%TAG ! tag:x,2000:\n"),
    "one directive": fill("1", "%YAML 1.", "\n--- x\n"),
    "tags": fill("!x ", ACCOUNT + "name: "),
    "tags in a list": fill("!x y, ", "a: [", "]"),
    "one tag": fill("x", ACCOUNT + "name: !", " y\n"),
    "one anchor": fill("x", ACCOUNT + "name: &", " y\n"),
    "merge keys": "base: &b {a: 1}\n" + lines("k{}:\n  <<: *b\n"),
    "random words": fill("lorem ipsum dolor sit amet\n"),
    "a mailbox": fill("From x@y.example Mon\nSubject: a: b\n\nHello\n"),
    "JSON": "{" + ", ".join(f'"k{n}": "v"' for n in range(60_000)) + "}",
    "over the size": fill("# x\n") + "# and more\n",
}

BAIT: Final[dict[str, str]] = {
    "words of every pattern for secrets, one line": fill(
        "user login auth host server smtp credential pass env file ", ACCOUNT + "# "
    ),
    "words of every pattern for secrets, lines": fill("# user login auth host server smtp pass env file .\n", ACCOUNT),
    "relays": fill("relay", ACCOUNT + "# a@"),
    "logins without a password": fill("user: a:\n", ACCOUNT),
    "lines of dotted words": fill("a.b.c x\n"),
    "one dotted word": fill("a.", ACCOUNT + "# "),
    "keys like the word password": "".join(
        f"{''.join(word)}: 1\n" for word in islice(permutations("pasworde"), 90_000)
    ),
    "keys like the word password, read": ACCOUNT
    + "".join(f"{''.join(word)}: 1\n" for word in islice(permutations("pasworde"), 9_000)),
    "passwords in comments": fill("# password x\n", ACCOUNT),
    "password blocks in each other": "".join(f"{' ' * depth}password:\n{' ' * depth} env: A\n" for depth in range(700)),
    "settings of an environment": fill("SMTP_HOST=mail.shop.example\n"),
    "settings of PHP": fill("define('SMTP_HOST', 'mail.shop.example');\n"),
    "settings of XML": fill("<host>mail.shop.example</host>\n"),
    "sections": fill("[smtp]\nhost = mail.shop.example\n"),
    "settings of msmtp": fill("account shop\nhost mail.shop.example\nport 587\n"),
    "settings of Postfix": fill("smtp_sasl_auth_enable = yes\nrelayhost = [mail.shop.example]:587\n"),
    "settings of Thunderbird": fill('user_pref("mail.smtpserver.smtp1.hostname", "mail.shop.example");\n'),
    "JSON of another program": "["
    + ",\n".join('{"host": "mail.shop.example", "secure": true}' for _ in range(20_000))
    + "]",
    "lists as deep as may be": fill("[" * 49 + "]" * 49 + ", ", "a: [", "]"),
    "explicit keys in each other": fill("{? "),
    "block scalars": fill("a: |\n b\n"),
    "block scalars, deeper": fill("- |9\n"),
    "empty documents": fill("---\n...\n"),
    "keys as long as may be": lines("k" * 1_000 + "{}: 1\n"),
    "quoted keys": lines('"k{}": "v"\n', ACCOUNT, count=19_000),
    "letters of another alphabet": lines("n\u0430me{}: smtp.gm\u0430il.com\n", ACCOUNT, count=15_000),
    "values of YAML 1.1": lines("k{}: yes\n", ACCOUNT, count=9_000),
    "numbers of YAML 1.1": lines("k{}: 1_000:30\n", ACCOUNT, count=9_000),
    "blanks before comments": fill("a #", ACCOUNT + "name: "),
    "values cut by comments": lines("k{}: a #b\n", ACCOUNT, count=9_000),
    "hyphens and blanks": fill("- \t", ACCOUNT + "name: "),
    "ignore comments with dates": lines("# maild: ignore ML301 -- x until 2027-01-31\n", ACCOUNT),
    "ignore comments, nearly": fill("# maild ignore: ML301\n", ACCOUNT),
    "placeholders": lines("k{}: <your-domain>\n", ACCOUNT, count=9_000),
    "placeholders in a list": "protocol: http\nreply_to:\n" + lines("- you{}@yourdomain.com\n", count=15_000),
    "variables": lines("k{}: ${{A}}\n", ACCOUNT, count=9_000),
    "trailing blanks in quotes": lines('k{}: "a "\n', ACCOUNT, count=9_000),
    "marks of a merge": fill("<<<<<<< a\n=======\n>>>>>>> b\n", ACCOUNT),
    "lines of a table": fill("| host | port |\n"),
    "numbered lines": lines("{} host: a\n"),
    "lines of a letter": fill("> host: a\n"),
    "lines in quotes": fill('"host: a"\n'),
    "separators": fill("host: a,\n"),
    "lines without a colon": fill("host a\n"),
    "glued colons": fill("host:a\n"),
    "bullets": fill("\u2022 host: a\n"),
    "questions and colons": fill("? a\n: b\n"),
    "known keys under a wrong one": "smtp:\n" + lines("  a{}: {{host: x}}\n", count=6_000),
    "files": "protocol: smtp\nsmtp: {tls: {ca_file: " + "../" * 300_000 + "a}}\n",
}
"""Each for one pattern, or for one way in which a file of another program is known."""

ROUTE: Final = "- {{match: {{to: 'a{0}@b.example'}}, accounts: [shop]}}\n"
HEADERS: Final = "routes:\n- accounts: [shop]\n  match:\n    header:\n"

SITES: Final[Mapping[str, str]] = {
    "routes": "routes:\n" + lines(ROUTE),
    "routes, all that fit": "routes:\n" + lines(ROUTE, count=2_400),
    "routes, wrong each": "routes:\n" + lines("- {}\n"),
    "routes, wrong each, all that fit": "routes:\n" + lines("- {}\n", count=19_000),
    "routes, without accounts": "routes:\n" + lines("- {{}}\n", count=19_000),
    "routes, unknown accounts": "routes:\n" + lines(ROUTE.replace("shop", "shap{0}"), count=2_400),
    "routes, unknown keys": "routes:\n" + lines("- {{acounts{0}: [shop], mach: 1}}\n", count=4_000),
    "accounts of one route": "routes:\n- match: {to: '*'}\n  accounts:\n" + lines("  - a{}\n", count=19_000),
    "headers of one route": HEADERS + lines("      X-{}: y\n", count=19_000),
    "severities": "lint:\n  severity:\n" + lines("    ML{}: error\n", count=19_000),
    "severities, wrong": "lint:\n  severity:\n" + lines("    ML{}: eror\n", count=19_000),
    "ignored rules": "lint:\n  ignore:\n" + lines("  - port-{}-submission\n", count=19_000),
    "paths of lint": "lint:\n  paths:\n" + lines("  - {{match: '*{}*', ignore: [ML301]}}\n", count=4_000),
    "resolvers": "dns:\n  resolvers:\n" + lines("  - 127.0.0.{}\n", count=19_000),
    "delays": "delivery:\n  retry:\n" + lines("  - {}m\n", count=19_000),
    "delays, wrong": "delivery:\n  retry:\n" + lines("  - {}\n", count=19_000),
    "pattern of stars": fill("*a", "routes:\n- match: {to: '", "'}\n  accounts: [shop]\n"),
    "unknown keys of the site": lines("rutes{}: 1\n", count=15_000),
}  # fmt: skip


def write_cases(folder: Path) -> dict[str, str]:
    """Writes the file of each case; one of a site has an account beside it. Returns the paths by the cases' names."""
    cases: dict[str, str] = {}
    for number, (name, text) in enumerate((ACCOUNTS | BAIT).items()):
        path = folder / f"case{number}.yaml"
        path.write_bytes(text.encode() if text else b"\xff\xfe" * (SIZE // 2))
        cases[name] = str(path)
    for number, (name, text) in enumerate(SITES.items()):
        site = folder / f"site{number}"
        (site / "accounts").mkdir(parents=True)
        (site / "accounts" / "shop.yaml").write_text(ACCOUNT)
        (site / SITE).write_text(text)
        cases[name] = str(site / SITE)
    return cases


if __name__ == "__main__":
    print(json.dumps(write_cases(Path(sys.argv[1]))))
