"""From the page's values to HTML, by jinja2 with autoescape: whatever a server said is text and never markup. Pure."""

from collections.abc import Sequence
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from maild.observe.page.chart import BAR_WIDTH, CHART_HEIGHT, SPARK_HEIGHT, SPARK_STEP
from maild.observe.page.messages import MessageView
from maild.observe.page.view import SHOWN, PageView, runs_of
from maild.observe.recent import MINUTES, PROBES

_SIZES: Final = {
    "bar_width": BAR_WIDTH,
    "chart_width": BAR_WIDTH * MINUTES,
    "chart_height": CHART_HEIGHT,
    "spark_width": SPARK_STEP * PROBES,
    "spark_height": SPARK_HEIGHT,
    "shown": SHOWN,
}


class PageRenderer:
    """Renders the page, whole or its living part."""

    def __init__(self) -> None:
        environment = Environment(
            loader=PackageLoader("maild.observe.page"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals.update(_SIZES)
        environment.filters["runs"] = runs_of
        self._page = environment.get_template("page.html")
        self._main = environment.get_template("main.html")

    def page(self, view: PageView, messages: Sequence[MessageView] | None = None, seal: str = "") -> str:
        """The whole document; `messages` can be acted on, None: nothing can."""
        return self._page.render(view=view, messages=messages, seal=seal)

    def main(self, view: PageView, messages: Sequence[MessageView] | None = None) -> str:
        """What changes: the contents of <main>."""
        return self._main.render(view=view, messages=messages)
