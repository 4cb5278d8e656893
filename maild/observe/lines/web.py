"""Log lines about the web port and what was done on its page. Pure."""

from typing import assert_never

from maild.config.model import LogLevel
from maild.observe.events import PageActed, WebEvent, WebFileRefused, WebFileTaken
from maild.observe.lines.line import LogLine, line


def web_line(event: WebEvent) -> LogLine:
    """The line of an event of the web port."""
    match event:
        case WebFileTaken():
            return line(LogLevel.INFO, "web_file_taken", file=event.file)
        case WebFileRefused():
            return line(LogLevel.ERROR, "web_file_refused", file=event.file, detail=event.detail)
        case PageActed():
            level = LogLevel.INFO if event.is_done else LogLevel.WARNING
            return line(
                level, "page_acted", id=event.id or None, deed=event.deed, done=event.is_done, detail=event.detail
            )
        case _:
            assert_never(event)
