"""Answers to the questions of dialogues: from DNS, with a short memory that all accounts share. Shell code.

A question that is under way is not asked a second time, and an answer is kept as long as its records may be, a minute
at the most: the checks of one run ask for the same records, and many accounts have one domain or one provider. Silence
is never kept. Two questions are no types of DNS but answers of a domain all the same: the policy of MTA-STS, and the
certificates that a server shows.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar, assert_never

from maild.net.http.fetch import Fetched, Fetcher, FetchFailure, FetchTrouble
from maild.net.name_servers import Silence
from maild.net.resolver import Answer, NoRecords, NoSuchName, Records, Resolver, Unanswered
from maild.probe.dns.dane import CHAIN
from maild.probe.dns.mta_sts import POLICY, policy_url
from maild.probe.dns.shown_chain import shown_chain
from maild.probe.events import QuestionAsked
from maild.records.dialogue import Absent, Dialogue, Found, Question, Reply, Silent
from maild.records.mta_sts import MAX_POLICY_BYTES

T = TypeVar("T")

KEEP_S: Final = 60.0
MAX_KEPT: Final = 20_000
MAX_AT_ONCE: Final = 64


def _tell_nobody(asked: QuestionAsked) -> None:
    del asked


@dataclass(frozen=True, slots=True, kw_only=True)
class NameServers:
    """Whom to ask: anybody, or one of several by name."""

    any_of_them: Resolver
    each: Mapping[str, Resolver] = field(default_factory=dict)


class Answers:
    """Built once for all accounts; used on one event loop."""

    def __init__(self, servers: NameServers, tell: Callable[[QuestionAsked], None] = _tell_nobody) -> None:
        self._servers: Final = servers
        self._tell: Final = tell
        self._kept: dict[Question, tuple[float, Reply]] = {}
        self._running: Final[dict[Question, asyncio.Task[Reply]]] = {}
        self._slots: Final = asyncio.Semaphore(MAX_AT_ONCE)

    async def hold(self, dialogue: Dialogue[T]) -> T:
        """What the dialogue comes to; the questions that it asks together are asked side by side."""
        try:
            questions = next(dialogue)
            while True:
                replies = await asyncio.gather(*(self._ask(question) for question in questions))
                questions = dialogue.send(tuple(replies))
        except StopIteration as end:
            value: T = end.value
            return value

    async def _ask(self, question: Question) -> Reply:
        now_s = asyncio.get_running_loop().time()
        until_s, kept = self._kept.get(question, (0.0, None))
        if kept is not None and until_s > now_s:
            return kept
        task = self._running.get(question)
        if task is None:
            task = self._running[question] = asyncio.create_task(self._find(question))
            task.add_done_callback(lambda _: self._running.pop(question, None))
        # Whoever gives up waiting does not take the answer from others.
        return await asyncio.shield(task)

    async def _find(self, question: Question) -> Reply:
        async with self._slots:
            match question.rdtype:
                case rdtype if rdtype == POLICY:
                    reply, keep_s = await self._policy(question.name), KEEP_S
                case rdtype if rdtype == CHAIN:
                    reply, keep_s = await shown_chain(question.name, self._servers.any_of_them), KEEP_S
                case _:
                    reply, keep_s = await self._records(question)
        if keep_s and not isinstance(reply, Silent):
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            self._kept[question] = (asyncio.get_running_loop().time() + keep_s, reply)
        return reply

    async def _records(self, question: Question) -> tuple[Reply, float]:
        resolver = self._servers.each.get(question.server, self._servers.any_of_them)
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        answer = await resolver.lookup(question.name, question.rdtype)
        seconds = loop.time() - began_s
        silence = answer.silence if isinstance(answer, Unanswered) else None
        self._tell(QuestionAsked(server=question.server, rdtype=question.rdtype, seconds=seconds, silence=silence))
        return _reply(answer)

    async def _policy(self, host: str) -> Reply:
        found = await Fetcher(resolver=self._servers.any_of_them).look(policy_url(host), MAX_POLICY_BYTES)
        match found:
            case Fetched(data=data, media_type=media_type):
                return Found(values=(data.decode("utf-8", "replace"), media_type))
            case FetchFailure(trouble=FetchTrouble.NAME):
                return Absent(is_name_known=False)
            case FetchFailure(trouble=trouble, detail=detail):
                return Silent(detail=detail, cause=trouble)
            case _:
                assert_never(found)


def _reply(answer: Answer) -> tuple[Reply, float]:
    match answer:
        case Records(values=values, canonical_name=name, ttl_s=ttl_s, is_secure=is_secure):
            return Found(values=values, canonical_name=name, is_secure=is_secure), min(float(ttl_s), KEEP_S)
        case NoRecords(canonical_name=name, ttl_s=ttl_s, is_secure=is_secure):
            return Absent(is_name_known=True, canonical_name=name, is_secure=is_secure), min(float(ttl_s), KEEP_S)
        case NoSuchName(canonical_name=name, ttl_s=ttl_s, is_secure=is_secure):
            return Absent(is_name_known=False, canonical_name=name, is_secure=is_secure), min(float(ttl_s), KEEP_S)
        case Unanswered(reason=reason, silence=silence):
            return Silent(detail=reason, is_bogus=silence is Silence.BOGUS), 0.0
        case _:
            assert_never(answer)
