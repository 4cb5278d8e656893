import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

from maild.observe.page.render import PageRenderer
from maild.observe.recent import Recent
from tests.observe.page.test_view import seen
from tests.observe.test_metrics import DEFERRED, DELIVERED, FAILED, attempt
from tests.observe.values import account, diagnostic, status

RENDERER = PageRenderer()
VOID = frozenset({"meta", "link"})


class Tree(HTMLParser):
    """Holds that every element is closed in order, and keeps ids and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value for name, value in attrs if name == "id" and value is not None]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@cache
def everything() -> str:
    recent = Recent()
    recent.on_event(attempt(ann=DELIVERED, bob=FAILED, carl=DEFERRED))
    files = status().config.files * 60
    now = status(account(is_broken=True), *(account(f"a{number}") for number in range(120)), is_clean=False)
    now = replace(now, config=replace(now.config, files=files, diagnostics=now.config.diagnostics * 60))
    return RENDERER.page(seen(now, recent))


def test_the_document_is_well_formed_and_runs_nothing_of_its_own() -> None:
    tree = Tree()
    tree.feed(everything())

    assert tree.open == []
    assert len(set(tree.ids)) == len(tree.ids)
    assert not {name for name in tree.attributes if name == "style" or name.startswith("on")}
    assert re.findall(r"<script[^>]*>", everything()) == ['<script src="/assets/page.js" defer>']


def test_a_quiet_site_has_nothing_to_do() -> None:
    now = status()
    page = RENDERER.page(seen(replace(now, config=replace(now.config, diagnostics=()))))

    assert "<p>Nothing.</p>" in page
    assert '<h1 id="headline">Mail is sent</h1>' in page


def test_what_somebody_outside_said_is_text() -> None:
    evil = "<script>alert(1)</script>\"'>"
    now = status()
    page = RENDERER.page(seen(replace(now, config=replace(now.config, diagnostics=(diagnostic(evil),)))))

    assert evil not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_living_part_is_the_inside_of_the_document() -> None:
    view = seen(status())

    assert RENDERER.main(view).strip() in RENDERER.page(view)
