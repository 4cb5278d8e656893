from tests.rows import each_row
from tests.rules.examine import examine

HEAD = "protocol: smtp\n"
REFER = (
    "The password itself never stands in this file. Say where it is: `{env: NAME}`, `{file: PATH}`, "
    "`{credential: NAME}` or `{command: [PROGRAM]}`."
)


@each_row(
    ("line", "advice"),
    [
        ("password: @secret", REFER),
        ("password: a: b", REFER),
        ("smtp_pass: %x", REFER),
        ("password: env: NAME", "Write it with braces: `{env: …}`."),
        ("password: (file: /x)", "Write it with braces: `{file: …}`."),
        ("password: {env: NAME", "Close `[` with `]`, and `{` with `}`."),
        ("smtp: host: a.example", "Write `smtp:` on a line of its own, and below it, indented, `host:` and so on."),
        ("smtp: (host: a.example)", "Write braces `{` and `}` instead of the parentheses."),
        ("smtp: {host: a.example}}", "Delete it."),
        ("host: a.example: 465", "Write `host: a.example` and `port: 465`, each on its own line."),
        ("host: not a server: 465", "Put the whole value in double quotes."),
        ("host: @a.example", "Write `host: a.example`."),
        ("email: `a@b.example`", "Write `email: a@b.example`."),
        ("name: @Shop", "Put the whole value in double quotes."),
        ("```yaml", "Delete this line: it is a mark of the page that the text was copied from."),
        ("> name: Shop", "Delete the `>` at the beginnings of the lines: it marks what a letter quotes."),
        ("**name**: Shop", "Delete the asterisks: elsewhere they make lists, and words bold."),
        ("Please do not change!", "Write it as `key: value`, or put a # before it if it is a remark."),
        ("Please", "Write it as `key: value`."),
    ],
)
def test_the_line_says_what_to_do(line: str, advice: str) -> None:
    (found,) = examine(f"{HEAD}{line}\nname: x\n").diagnostics

    assert found.help == advice
