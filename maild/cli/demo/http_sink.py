"""A web service that takes messages as a form, as the HTTP services for small shops do, and keeps them."""

from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One form as the service got it: the text fields, and the names of the files."""

    fields: dict[str, str]
    files: tuple[str, ...]


class HttpSink:
    """The service; `port` is known after `start`."""

    def __init__(self) -> None:
        self.submissions: list[Submission] = []
        self._runner: web.AppRunner | None = None

    @property
    def port(self) -> int:
        """The port that the system chose."""
        assert self._runner is not None
        port = self._runner.addresses[0][1]
        assert isinstance(port, int)
        return port

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1; POST /send is all there is."""
        application = web.Application()
        application.router.add_post("/send", self._send)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def stop(self) -> None:
        """Listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _send(self, request: web.Request) -> web.Response:
        form = await request.post()
        texts = {name: value for name, value in form.items() if isinstance(value, str)}
        files = tuple(value.filename for value in form.values() if isinstance(value, web.FileField))
        if not texts.get("to"):
            return web.Response(status=400, text="There is no recipient in the field to.")
        self.submissions.append(Submission(fields=texts, files=files))
        return web.Response(text="queued")
