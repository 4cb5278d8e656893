import json
from itertools import islice, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.config.fault import Pointer
from maild.config.lint import LintSettings
from maild.diagnostics import Severity
from maild.diagnostics.render import RENDERERS, Style
from maild.rules.engine import check_files
from maild.rules.mask import mask_text, public_part
from maild.rules.masked import Masked
from maild.rules.secret_name import means_secret
from tests.rows import each_row
from tests.rules.examine import GOOD, NOW, codes, examine, load

SECRET = "Tr0ub4dor"


def masked(text: str, *, file: str = "account.yaml") -> str:
    loaded = load(text, file=file)
    return mask_text(loaded.text, loaded.document, loaded.faults).text


@each_row(
    ("text", "shown"),
    [
        ("password: x", "password: ••••"),
        ("password: abcdefgh # note abcdefgh", "password: ••••"),
        ('{"password": "x", port: 1}', '{"password": •••, port: 1}'),
        ("password: |\n  one\n  two\nname: x", "password: ••••\n  ••••\n  ••••\nname: x"),
        ("password: [a, b]", "password: ••••"),
        ("password: {env: NAME}", "password: {env: NAME}"),
        ("password:\n  env: NAME", "password:\n  env: NAME"),
        ("password: {value: x}", "password: {value: •}"),
        ("password: {hunter2}", "password: ••••"),
        ("a/b: {password: x}", "a/b: {password: •}"),
        ("smtp_pass: x\nAPI-Key: y", "smtp_pass: ••••\nAPI-Key: ••••"),
        ("password_file: /run/x", "password_file: /run/x"),
        ("# password: x", "# password: ••••"),
        ("password: {env: A}\npassword: x", "password: {env: A}\npassword: ••••"),
        (
            "password: {env: A}\npassword:\n  x\n\n  y\nname: z",
            "password: {env: A}\npassword:\n  ••••\n\n  ••••\nname: z",
        ),
        ("url: https://me:x@host/", "url: https://••••@host/"),
        ("password:", "password:"),
        ("password: #x", "password: ••••"),
        ("password: # later", "password: # later"),
        ("password: | #x\n  y", "password: ••••\n  ••••"),
        ("Kennwort: x\nMot de passe: y\n密码: z", "Kennwort: ••••\nMot de passe: ••••\n密码: ••••"),
        ('{"password":"x", b: c}', '{"password":•••, b: c}'),
        ("? password\n: x", "? password\n: ••••"),
        ("smtp_pass: &x", "smtp_pass: ••••"),
        ("- password: x", "- password: ••••"),
        ("password: {env: 'x y', port: 1}", "password: {env: •••••, port: •}"),
        ("password: {command: pass show x}", "password: {command: •••••••••••}"),
        ("password: {command: [vault, -token=x, y]}", "password: {command: [vault, ••••••••, •]}"),
        ("user: me:x\nusername: 'me:x'", "user: me:••••\nusername: 'me:•'"),
        ("{smtp_user: me:x, port: 1}", "{smtp_user: me:•, port: 1}"),
        ("username: me@a.example\nurl: user:x", "username: me@a.example\nurl: user:x"),
        ("credential: x y", "credential: ••••"),
        ("password: {credential: x}", "password: {credential: x}"),
        ("password:\n  credential: x", "password:\n  credential: x"),
        ("password: {env: NAME\na: b", "password: {env: NAME\na: b"),
        ("password: {env: name1\na: b", "password: {env: ••••\na: b"),
        ("password: {file: /run/x\na: b", "password: {file: /run/x\na: b"),
        ("password: {file: hunter2\na: b", "password: {file: ••••\na: b"),
        ("password: {credential: hunter2\na: b", "password: {credential: ••••\na: b"),
        ("password:\n  command:\n    - vault\n    - x", "password:\n  command:\n    - vault\n    - ••••"),
        ("password: {File: /run/x}", "password: {File: /run/x}"),
        ("password: {ENV: NAME, Credential: x}", "password: {ENV: NAME, Credential: x}"),
        ("password: {Env: 'x y', File: 1}", "password: {Env: •••••, File: •}"),
        ("password: {Command: [vault, x]}", "password: {Command: [vault, •]}"),
        ("password: {env: abcdefghijklmnop}", "password: {env: ••••••••••••••••}"),
    ],
)
def test_what_is_a_secret_is_hidden_and_nothing_else(text: str, shown: str) -> None:
    assert masked(text) == shown


@each_row(
    ("text", "shown"),
    [
        ("a: [\npassword: x: y", "a: [\npassword: ••••"),
        ("a: [\npassword: {file: /x}", "a: [\npassword: {file: /x}"),
        ("a: [\npassword: {file}", "a: [\npassword: ••••"),
        ("a: [\npassword: |\n  x\n  y", "a: [\npassword: |\n  ••••\n  ••••"),
        ("a: [\n'password' :\n  file: /x", "a: [\n'password' :\n  file: /x"),
        ("a: [\npassword: >-\n\n", "a: [\npassword: >-\n\n"),
        ("SMTP_PASS=x\nSMTP_HOST=y", "SMTP_PASS=••••\nSMTP_HOST=y"),
        ("EMAIL_HOST_PASSWORD = 'x'", "EMAIL_HOST_PASSWORD = ••••"),
        ("export MAIL_PASSWORD=x", "export MAIL_PASSWORD=••••"),
        ("$mail->Password = 'x';", "$mail->Password = ••••"),
        ("define( 'SMTP_PASS', 'x' );", "define( 'SMTP_PASS', ••••"),
        ("<password>x</password>", "<password>••••"),
        ("password\uff1ax", "password\uff1a••••"),
        ("# smtp_pass = x", "# smtp_pass = ••••"),
        ("password = {env: X}", "password = {env: X}"),
    ],
)
def test_a_file_that_is_no_yaml_is_hidden_by_lines(text: str, shown: str) -> None:
    assert masked(text) == shown


@each_row(
    ("text", "shown"),
    [
        ("the password is rotated monthly by Ann", "the password is rotated monthly by Ann"),
        ("password comes from the vault", "password comes from the vault"),
        ("password is rotated monthly by Ann", "password is rotated monthly by Ann"),
        ("das Passwort ist im Tresor", "das Passwort ist im Tresor"),
        ("le mot de passe est dans le coffre", "le mot de passe est dans le coffre"),
        ("token comes from the vault", "token comes from the vault"),
        (
            "password of the billing mailbox, changed 2026-03-01 by Ann (anna@shop.example)",
            "password of the billing mailbox, changed 2026-03-01 by Ann (anna@shop.example)",
        ),
        ("app password, see https://a.example/b, of ML402", "app password, see https://a.example/b, of ML402"),
        ("the password of 2-Step is in /run/x", "the password of 2-Step is in /run/x"),
        ("an app password does not end", "an app password does not end"),
        ("password is summer in the old place", "password is •••••• in the old place"),
        ("the password is Summer25 since March", "the password is •••••••• since March"),
        ("the password was sumMer until March", "the password was •••••• until March"),
        ("token is Summer25 since March", "token is •••••••• since March"),
        ("the password correct horse battery", "the password ••••"),
        ("the password: summer in the old place", "the password: ••••"),
        ('the password is "summer" in the old place', 'the password is "••••'),
        ("token summer", "token ••••"),
        (f"the password is {'of ' * 200}summer", "the password is ••••"),
    ],
)
def test_of_a_sentence_only_the_words_are_hidden_that_nobody_would_say(text: str, shown: str) -> None:
    assert masked(f"# {text}\n") == f"# {shown}\n"


def test_of_a_text_in_another_encoding_nothing_is_shown() -> None:
    assert examine(f"password: {SECRET}".encode("utf-16")).sources == {"account.yaml": ""}


@each_row(
    ("pointer", "public"),
    [
        ("/smtp/port", "/smtp/port"),
        ("/password", "/password"),
        ("/password/env", "/password/env"),
        ("/password/command/0", "/password/command/0"),
        ("/password/hunter2", "/password"),
        ("/smtp/secret/x/y", "/smtp/secret"),
        ("", ""),
    ],
)
def test_a_pointer_does_not_go_on_into_a_secret(pointer: str, public: str) -> None:
    assert public_part(Pointer(pointer)) == public


@each_row(
    "word",
    [
        *("password", "Password", "smtp_password", "pass", "PWD", "api-key", "token"),
        *("password2", "smtp_pass_2", "Passwort (neu)", "password_old", "passwordeval", "smtp_sasl_password_maps"),
    ],
)
def test_words_that_mean_a_secret_are_known(word: str) -> None:
    assert means_secret(word)


@each_row("word", ["password_file", "PasswordFile2", "password_command", "compass", "keys", "", "word", "2", "port25"])
def test_other_words_mean_none(word: str) -> None:
    assert not means_secret(word)


FORMS = (
    "password: {secret}",
    "password: '{secret}'",
    'password: "{secret}" x',
    "password: {secret}: x",
    "password: x: {secret}",
    "password: {{{secret}}}",
    "password: {{{secret}: }}",
    "password: {{x: {secret}}}",
    "password: [{secret}]",
    "password: [[{secret}], x",
    "password: &{secret}",
    "password: *{secret}",
    "password: !{secret}",
    "password: !{secret} x",
    "password: &{secret} [*{secret}]",
    "password: |\n  {secret}",
    "password: >\n  {secret}\n  x: [",
    "password:\n  {secret}",
    "password:\n  - {secret}",
    "password:\n  {secret}: x",
    "password:\n\t{secret}",
    "password: {{? [{secret}] : x}}",
    "password: {{? {secret}}}",
    "password: {{env: X}}\npassword: {secret}",
    "password: {secret}\npassword: {secret}",
    "passwrd: {secret}\nname: [x",
    "smtp: {{password: {secret}, hots: x}}",
    "smtp: {{host: x, password: {secret}",
    "smtp: {{host: 'smtps://me:{secret}@smtp.gmail.com'}}",
    "http: {{url: 'https://me:{secret}@x.example'}}",
    "# password: {secret}\nname: [",
    "# maild: ignore password: {secret}",
    "name: x  # maild: ignore ML301 -- password: {secret} until 2020-01-01",
    "pasword: {secret}  # maild: ignore-file ML501",
    "limits: {{per_minut: '30'}}\npassword: {secret}",
    "password: {{env: '{secret}!'}}",
    "password: {{env: {{a: {secret}}}}}",
    "password: {{file: [{secret}], credential: {{? {secret} : x}}}}",
    "password: {{command: echo {secret}}}",
    "password: {{command: [echo, {secret}, 'token={secret}'], hots: x}}",
    "machine smtp.gmail.com login x password {secret}",
    "[smtp.gmail.com]:587 u:{secret}",
    "password: {{env: X}} {secret}",
    "password: env: X {secret}",
    "password :{secret}",
    "password; {secret}",
    "set password {secret}",
    "my password = {secret}",
    "SMTP password is {secret}",
    "| password | {secret} |",
    "**Password:** {secret}",
    "username: a@b.org password {secret}",
    "host: u:{secret}@smtp.gmail.com",
    "smtp: {{host: 'u:{secret}@smtp.gmail.com', auth: PLAIN {secret}}}",
    "auth: PLAIN {secret}",
    "reply_to: password={secret}",
    "Passwort: \u201c{secret}\u201d",
    "password: {{command: \u2018{secret}\u2019}}",
    "password: {{env: \u201e{secret}\u201c}}",
    "password:\n  command: [echo,\n    {secret}]\n  env: 3",
)


def test_arguments_of_a_program_are_hidden_in_the_file_and_not_taken_for_secrets_in_sentences() -> None:
    loaded = load("password: {command: [pass, show, password]}\n")

    shown = mask_text(loaded.text, loaded.document, loaded.faults)

    assert shown.hide_in("`password` is not shown") == "`password` is not shown"


@each_row("form", FORMS)
@each_row("around", ["", "protocol: smtp\n", GOOD.replace("password: {env: SMTP_PASSWORD}\n", "")])
def test_no_output_ever_holds_a_secret(form: str, around: str) -> None:
    text = around + form.format(secret=SECRET) + "\n"
    for file in ("account.yaml", "maild.yaml"):
        report = examine(text, file=file)

        assert all(SECRET not in render(report, Style()) for render in RENDERERS.values())
        assert SECRET not in json.dumps(dict(report.sources))


def test_a_fix_that_would_write_what_is_hidden_is_not_told() -> None:
    text = GOOD.replace("{env: SMTP_PASSWORD}", "mail.firm.example")
    text = text.replace("host: smtp.gmail.com", "host: mail.firm.example:465")

    assert [(found.code, found.fix) for found in examine(text).diagnostics if found.code == "ML222"] == [
        ("ML222", None)
    ]


@pytest.mark.parametrize("quotes", ["\u201c{}\u201d", "\u00ab{}\u00bb"])
def test_a_password_in_printed_quotes_is_a_password_whatever_its_quotes(quotes: str) -> None:
    report = examine(GOOD.replace("{env: SMTP_PASSWORD}", quotes.format("abc")))

    assert [(found.code, found.fix) for found in report.diagnostics] == [("ML501", None)]


def test_an_app_password_in_the_place_of_a_variables_name_is_a_password() -> None:
    text = GOOD.replace("SMTP_PASSWORD", "abcdefghijklmnop")
    unasked = check_files([load(text)], now=NOW, lint=LintSettings(), secrets=None)
    unset = examine(text)

    # It may be a name after all, so the account stays in force.
    assert [(found.code, found.severity) for found in unasked.diagnostics] == [("ML501", Severity.WARNING)]
    assert codes(unset) == ["ML504"]
    for report in (unasked, unset):
        assert all("abcdefghijklmnop" not in render(report, Style()) for render in RENDERERS.values())
    assert codes(examine(GOOD.replace("SMTP_PASSWORD", "gmailapppassword"))) == ["ML504"]


@settings(deadline=None)
@given(st.text(), st.booleans())
def test_any_text_can_be_masked(text: str, is_account: bool) -> None:  # noqa: FBT001
    file = "account.yaml" if is_account else "maild.yaml"
    loaded = load(text.encode("utf-8", "surrogatepass"), file=file)

    shown = mask_text(loaded.text, loaded.document, loaded.faults)

    assert shown.text.count("\n") <= loaded.text.count("\n") + loaded.text.count("\r")


TOKENS_OF_SERVICES = (
    "SG.abcdefghijklmnopqrstuv.0123456789012345678901234567890123456789012",
    "xkeysib-0123456789abcdef0123456789abcdef",
    "key-0123456789abcdef0123456789abcdef",
    "re_12345678_abcdefghijklmnopqrst",
    "GOCSPX-abcdefghijklmnopqrstuvwxyz12",
    "ya29.a0AfH6SMBabcdefghijklmnopqrstuvwxyz",
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
)


@each_row("secret", TOKENS_OF_SERVICES)
@each_row(
    "form",
    [
        "# {}",
        "name: {}",
        "name: Shop # {}",
        "colour: {}",
        "smtp: [{}",
        "{}: x",
        "limits: {{per_day: {}}}",
        "reply_to: {}",
    ],
)
def test_no_output_ever_holds_a_secret_that_can_be_told_by_its_form(secret: str, form: str) -> None:
    text = GOOD + form.format(secret) + "\n"
    if secret.startswith("MII"):
        text = f"{GOOD}# -----BEGIN PRIVATE KEY-----\n# {secret}\n# -----END PRIVATE KEY-----\n"
    for file in ("account.yaml", "maild.yaml"):
        report = examine(text, file=file)

        assert "ML502" in {found.code for found in report.diagnostics}
        # Nor its beginning: sentences are cut short.
        assert all(secret[6:24] not in render(report, Style()) for render in RENDERERS.values())
        assert secret not in json.dumps(dict(report.sources))


def test_the_id_of_an_access_key_is_hidden_unless_it_is_the_username() -> None:
    key = "AKIAIOSFODNN7EXAMPLE"
    text = f"username: '{key}'  # {key}\nname: {key}\n"
    assert masked(text) == f"username: '{key}'  # ••••\nname: ••••\n"
    assert masked(f"[\n{key}\n") == "[\n••••\n"


def test_of_two_secrets_that_begin_alike_nothing_stays() -> None:
    text = "# password: hunter2\n# password: hunter2-and-more\n"

    hidden = mask_text(text, None)

    assert hidden.text == "# password: ••••\n# password: ••••\n"
    assert hidden.hide_in("hunter2-and-more, hunter2, hunt") == "••••, ••••, hunt"


def test_the_end_of_a_very_long_key_tells_that_it_means_a_secret() -> None:
    assert masked(f"{'x' * 100}_password: hunter2\n") == f"{'x' * 100}_password: ••••\n"


@each_row(
    "text",
    [
        "protocol: smtp\npassword:hunter2\n",
        "protocol: smtp\npassword hunter2\n",
        "{protocol: smtp, password hunter2, name: x}\n",
        "{protocol: smtp, password:hunter2}\n",
        "- smtp_pass hunter2\n# password:hunter2\n",
    ],
)
def test_a_password_without_its_colon_or_blank_is_hidden_as_well(text: str) -> None:
    report = examine(text)

    assert "hunter2" not in masked(text)
    assert not [name for name, render in RENDERERS.items() if "hunter2" in render(report, Style())]


def test_a_reference_without_the_blank_before_it_stays_to_be_read() -> None:
    assert masked("password:{env: SMTP_PASSWORD}\nx\n") == "password:{env: SMTP_PASSWORD}\nx\n"


TOKEN = "SG." + "Abcdefghijklmnopqrstuv" + "." + "x" * 43


@each_row(
    "line",
    [
        f"email: {TOKEN}",
        f"email: x {TOKEN} y",
        f"reply_to: [{TOKEN}]",
        f"copy_to: {TOKEN}@shop.example",
        f"limits: {{{TOKEN}: 1}}",
        f"name: [{TOKEN}]",
        f"# maild: ignore {TOKEN} -- x",
    ],
)
def test_a_known_token_is_hidden_where_a_sentence_cuts_it_short(line: str) -> None:
    report = examine(f"{GOOD}{line}\n")
    said = [text for one in report.diagnostics for text in (one.message, one.help)]
    assert not any("bcdefghij" in text for text in (*said, *report.sources.values()))


def test_a_hidden_text_that_is_cut_short_or_in_small_letters_is_no_part_of_a_sentence() -> None:
    hidden = Masked.of("", ["Hunter2-and-more", "Hunt3r"])
    assert hidden.hide_in("`Hunter2-a…` and `hunter2-and-more`, …") == "`••••…` and `••••`, …"
    assert hidden.hide_in("Hunt3r, hunt3r, Hunt…, Hun…") == "••••, hunt3r, ••••…, Hun…"


@pytest.mark.parametrize(
    "url", ["https://a.example/x?key=abcdef", "http://a.example/x#abcdef", "http://a.example?abcdef"]
)
def test_what_stands_behind_the_path_of_an_address_is_not_shown(url: str) -> None:
    text = f"http: {{url: {url}}}\nname: [x]\n"
    assert "abcdef" not in masked(text)
    # It may be a word of ours, so sentences are left alone.
    assert mask_text(text, load(text).document).hide_in("abcdef") == "abcdef"


@pytest.mark.parametrize("rest", ["a.example/send?key=abcdef", "ftp://a.example/?abcdef", "https://a.example/#abcdef"])
def test_no_rule_repeats_what_stands_behind_the_path_of_an_address(rest: str) -> None:
    report = examine(f"protocol: http\nhttp: {{url: '{rest}'}}\nreply_to: a@shop.test\nemail: a@shop.test\n")
    assert report.diagnostics
    said = [text for one in report.diagnostics for text in (one.message, one.help)]
    assert not any("abcdef" in text for text in (*said, *report.sources.values()))


@each_row(("unit", "shown"), [("://", "://"), ("://?a ", "://?• "), ("://a@", "://•@"), ("url: ", "url: ")])
def test_a_line_full_of_addresses_is_hidden_piece_by_piece(unit: str, shown: str) -> None:
    """Each piece looked at once: what goes back to the line's beginning for every one takes minutes."""
    assert masked(f"name: {unit * 4_000}.\n") == f"name: {shown * 4_000}.\n"


@each_row(
    "text",
    [
        "name: " + "://?a " * 5_001,
        "# password x\n" * 2_501,
        "password: |\n" + "  x\n" * 5_001,
        "# -----BEGIN PRIVATE KEY-----\n" * 5_001,
        "url: x://a@b\n" * 5_001,
        "".join(f"{''.join(word)}: 1\n" for word in islice(permutations("pasworde"), 5_001)),
    ],
)
def test_where_too_much_looks_like_a_password_nothing_is_shown(text: str) -> None:
    hidden = mask_text(text, None)
    assert (hidden.text, hidden.hide_in("a word"), hidden.hide_in("")) == ("", "••••", "")


def test_of_keys_that_stand_below_each_other_each_block_is_looked_at_once() -> None:
    """What goes from each of them to the end of the file takes minutes, and so would a long word."""
    text = "".join(f"{' ' * depth}password:\n{' ' * depth} env: A\n" for depth in range(300))
    assert mask_text(text, None).text == text
    relays = "host: a:b@c " + "relay" * 20_000
    assert mask_text(relays, None).text == "host: a:•@c " + "relay" * 20_000


def test_of_a_file_full_of_passwords_nothing_else_is_said() -> None:
    report = examine("name: " + "://?a " * 5_001)
    assert [found.code for found in report.diagnostics] == ["ML907"]
    assert report.sources == {"account.yaml": ""}


@each_row(
    ("text", "shown"),
    [
        ("# -----BEGIN PRIVATE KEY-----\n# a\n# -----END PRIVATE KEY-----\n# b", "# ••••\n••••\n••••\n# b"),
        ("a\r-----BEGIN PRIVATE KEY-----\r\nb\nc", "a\n••••\n••••\n••••"),
        ("# PA\u017f\u017fWORT abc", "# PA\u017f\u017fWORT ••••"),
        ("# İ " + "x\n" * 600 + "# PASSWORD abc", "# İ " + "x\n" * 600 + "# PASSWORD ••••"),
        ("# password abc\n" * 600, "# password ••••\n" * 600),
        ("".join(f"# password{n}: a\n" for n in range(20)), "".join(f"# password{n}: ••••\n" for n in range(20))),
    ],
)
def test_a_secret_is_found_on_whatever_line_it_stands(text: str, shown: str) -> None:
    assert mask_text(text, None).text == shown


def test_a_chapter_that_a_comment_points_to_is_shown() -> None:
    text = "# see https://a.example/x#abcdef\nname: x # https://a.example/?y=abcdef\n"
    assert masked(text) == text


@each_row("key", ["smtp_pwd", "db_pass", "Authorization", "bearer", "private_key", "key", "AWS_SECRET_ACCESS_KEY"])
def test_other_names_for_secrets_hide_their_value(key: str) -> None:
    assert masked(f"{key}: hunter2-and-more") == f"{key}: ••••"


def test_ten_thousand_hidden_texts_that_begin_alike_do_not_take_long() -> None:
    texts = [f"Hunter2-{number:05}" for number in range(10_000)]
    hidden = Masked.of("", [*texts, "Hunter2-" + "x" * 1_000_000])
    sentence = "`Hunter2-0123` is none, `hunter2-01234`, `Hunt Hunter2-xxxxxxxxxxxxxxxx…`"
    assert hidden.hide_in(sentence) == "`Hunter2-0123` is none, `••••`, `Hunt ••••…`"


def test_letters_that_are_longer_in_small_do_no_harm() -> None:
    hidden = Masked.of("", ["İstanbul-secret-and-more"])
    assert hidden.hide_in("`İİ İstanbul-secret-and-more`, `İstanbul-sec…`") == "`İİ ••••`, `••••…`"
