"""The examples in the rules' documentation are files, and they mean what the documentation says."""

from maild.rules.catalogue import RULES
from maild.rules.documentation import HEADINGS, read_documentation
from maild.rules.rule import Rule
from tests.rows import each_row
from tests.rules.examine import codes, examine

NO_TEXT_FILE_SHOWS_IT = {
    "ML102",
    "ML103",
    "ML123",
    "ML214",
    "ML215",
    "ML439",
    "ML509",
    "ML604",
    "ML606",
    "ML905",
    "ML907",
    "ML908",
    "ML909",
    "ML999",
}

each_rule = each_row("rule", RULES)


def test_documentation_has_the_fixed_headings_each_with_a_text() -> None:
    for rule in RULES:
        documentation = read_documentation(rule.documentation)

        assert tuple(documentation.sections) == HEADINGS, rule.info.code
        assert all(documentation.sections.values()), rule.info.code
        assert documentation.summary.endswith("."), rule.info.code
        assert documentation.summary == rule.info.summary


@each_rule
def test_the_bad_example_gives_this_code_and_no_other(rule: Rule) -> None:
    examples = read_documentation(rule.documentation).examples("Bad")

    found = [codes(examine(bad.text, file="maild.yaml" if bad.is_site else "account.yaml")) for bad in examples]

    assert found == ([] if rule.info.code in NO_TEXT_FILE_SHOWS_IT else [[rule.info.code]])


@each_rule
def test_the_good_example_is_clean(rule: Rule) -> None:
    examples = read_documentation(rule.documentation).examples("Good")

    found = [codes(examine(good.text, file="maild.yaml" if good.is_site else "account.yaml")) for good in examples]

    assert all(found_codes == [] for found_codes in found)
    assert bool(found) == (
        rule.info.code
        not in {
            "ML123",
            "ML214",
            "ML215",
            "ML439",
            "ML509",
            "ML604",
            "ML606",
            "ML905",
            "ML907",
            "ML908",
            "ML909",
            "ML999",
        }
    )


def test_text_without_headings_has_no_sections() -> None:
    documentation = read_documentation("Only a\nsummary.")

    assert documentation.summary == "Only a summary."
    assert not documentation.sections
    assert documentation.examples("Bad") == ()
