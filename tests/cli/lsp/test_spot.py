from hypothesis import given
from hypothesis import strategies as st

from maild.cli.lsp.spot import Role, scene_at
from tests.cli.lsp.places import place
from tests.rows import each_row

KEY, VALUE = Role.KEY, Role.VALUE


@each_row(
    ("text", "role", "pointer", "word"),
    [
        ("¦", KEY, "", ""),
        ("pro¦tocol: smtp", KEY, "", "protocol"),
        ("protocol:¦", VALUE, "/protocol", ""),
        ("protocol: sm¦tp # as ever", VALUE, "/protocol", "smtp"),
        ('protocol: "sm¦tp"', VALUE, "/protocol", "smtp"),
        ('"host¦": x', KEY, "", "host"),
        ('"protocol": ¦', VALUE, "/protocol", ""),
        ("smtp:\n  ¦", KEY, "/smtp", ""),
        ("smtp:\n¦", KEY, "", ""),
        ("smtp: # a server\n  ho¦", KEY, "/smtp", "ho"),
        ("smtp: &anchor\n  ho¦", KEY, "/smtp", "ho"),
        ("smtp:\n  host: x\n\n  # why\n  ¦", KEY, "/smtp", ""),
        ("smtp:\n  host: x\n    ¦", KEY, "/smtp", ""),
        ("smtp:\n  tls:\n    mode: x\n  ¦", KEY, "/smtp", ""),
        ("smtp:\n  tls:\n    mode: ¦", VALUE, "/smtp/tls/mode", ""),
        ("smtp:\n  host: x\nuser¦\npassword: y", KEY, "", "user"),
        ("smtp: {¦", KEY, "/smtp", ""),
        ("smtp: {host: x, po¦", KEY, "/smtp", "po"),
        ("smtp: {host: x, po¦rt: 25}", KEY, "/smtp", "port"),
        ("smtp: {host: ¦", VALUE, "/smtp/host", ""),
        ("smtp: {host: smtp.gm¦ail.com, port: 25}", VALUE, "/smtp/host", "smtp.gmail.com"),
        ("smtp: {tls: {mode: im¦}}", VALUE, "/smtp/tls/mode", "im"),
        ("smtp: {tls: {}, a: 'x, y', ¦", KEY, "/smtp", ""),
        ("smtp: {\n  host: x, # {\n  ¦", KEY, "/smtp", ""),
        ("smtp: {\n  host: x\nuser¦", VALUE, "/smtp/host", "user"),
        ("smtp: {host: x\nusername: a\n¦", KEY, "", ""),
        ("routes:\n  - ¦", KEY, "/routes/0", ""),
        ("routes:\n  - match: {}\n  - ¦", KEY, "/routes/1", ""),
        ("routes:\n- match: {}\n- match:\n    fr¦", KEY, "/routes/1/match", "fr"),
        ("routes:\n- match: {}\n  acc¦", KEY, "/routes/0", "acc"),
        ("routes:\n- match: {}\nweb¦", KEY, "", "web"),
        ("routes:\n  - {match: {¦", KEY, "/routes/0/match", ""),
        ("routes:\n  - match: {}\n    accounts: [a, b¦", VALUE, "/routes/0/accounts/1", "b"),
        ("routes:\n  - match: {}\n    accounts:\n      - a\n      - b¦", KEY, "/routes/0/accounts/1", "b"),
        ("dns: {resolvers: [[¦", VALUE, "/dns/resolvers/0/0", ""),
        ("name: |\n  text\nem¦", KEY, "", "em"),
        ("---\nem¦", KEY, "", "em"),
        ("no yaml at all\nem¦", KEY, "", "em"),
        ("smtp: {my key: ¦", VALUE, "/smtp/my key", ""),
        ("smtp: {host: x: ¦", VALUE, "/smtp/host", ""),
        ("smtp: {}\nem¦", KEY, "", "em"),
        ("smtp: {} x\nem¦", KEY, "", "em"),
    ],
)
def test_a_cursor_is_in_a_key_or_a_value(text: str, role: Role, pointer: str, word: str) -> None:
    scene = scene_at(*place(text))

    assert scene is not None
    assert (scene.spot.role, scene.spot.pointer, scene.spot.word) == (role, pointer, word)


@each_row(
    "text",
    [
        "# wh¦y",
        "host: x # wh¦y",
        "smtp: {host: x, # wh¦y",
        "name: |\n  te¦xt",
        "name: >-\n\n  te¦xt",
        "smtp: {host: x} ¦",
    ],
)
def test_nothing_is_in_comments_and_texts(text: str) -> None:
    assert scene_at(*place(text)) is None


def test_a_number_sign_inside_of_quotes_is_no_comment() -> None:
    scene = scene_at(*place('name: "No # ¦1"'))

    assert scene is not None
    assert scene.spot.word == "No # 1"


def test_the_keys_and_scalars_of_the_whole_file_are_known_but_the_one_in_the_making() -> None:
    scene = scene_at(*place("protocol: 'smtp' # x\nsmtp:\n  host: x\n  ¦\n  tls: {mode: implicit}\nname: a b\n"))

    assert scene is not None
    assert scene.keys == {"": ["protocol", "smtp", "name"], "/smtp": ["host", "tls"], "/smtp/tls": ["mode"]}
    assert scene.values == {
        "/protocol": "smtp",
        "/smtp/host": "x",
        "/smtp/tls/mode": "implicit",
        "/name": "a b",
    }


def test_a_complete_key_stays_among_the_keys() -> None:
    scene = scene_at(*place("ho¦st: x\nport: 1"))

    assert scene is not None
    assert (scene.spot.has_colon, scene.keys[scene.spot.pointer]) == (True, ["host", "port"])


def test_the_word_s_columns_are_those_to_replace() -> None:
    scene = scene_at(*place("smtp: {host: smtp.gm¦ail.com, port: 25}"))

    assert scene is not None
    assert (scene.spot.start, scene.spot.end, scene.spot.is_in_flow) == (14, 28, True)


@each_row(
    "text",
    [
        "{" * 10_000 + "¦",
        "a: " + "{b: " * 400 + "\n¦",
        "- " * 900 + "¦",
        "".join(f"{' ' * level}a:\n" for level in range(60)) + "¦",
        "a: " + "x" * 2000 + "¦",
        "a: b\n" * 60_000 + "¦",
    ],
)
def test_what_nobody_writes_by_hand_has_no_places(text: str) -> None:
    assert scene_at(*place(text)) is None


def test_a_key_of_many_words_is_cut() -> None:
    scene = scene_at(*place("a: {" + "word " * 300 + ": ¦"))

    assert scene is not None
    assert len(scene.spot.pointer) < 300


@given(st.text(st.sampled_from("ab:-{}[],#\"'|>&! \n\t"), max_size=60), st.data())
def test_no_text_is_too_odd(text: str, data: st.DataObject) -> None:
    lines = tuple(text.split("\n"))
    line = data.draw(st.integers(1, len(lines)))
    column = data.draw(st.integers(1, len(lines[line - 1]) + 1))

    scene = scene_at(lines, (line, column))

    if scene is not None:
        spot = scene.spot
        assert 1 <= spot.start <= column <= spot.end <= len(lines[line - 1]) + 1
