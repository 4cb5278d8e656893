import asyncio
import ipaddress
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.phase import Phase
from maild.net.connect import alternate_families, connect_first
from maild.net.resolver import Address
from maild.net.step import NetError, Reason


def address(ip: str, port: int = 25) -> Address:
    return Address(ip=ipaddress.ip_address(ip), port=port)


@contextmanager
def listening(ip: str = "127.0.0.1") -> Iterator[Address]:
    with socket.create_server((ip, 0)) as server:
        yield address(ip, server.getsockname()[1])


@contextmanager
def black_hole() -> Iterator[Address]:
    """A port that answers nothing: its queue of connections is full and nobody takes any."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.settimeout(0)
            filler.connect_ex(server.getsockname())
        yield address("127.0.0.1", server.getsockname()[1])


def unused() -> Address:
    with listening() as found:
        return found


def failed(*addresses: Address, timeout_s: float = 5.0) -> NetError:
    with pytest.raises(NetError) as caught:
        asyncio.run(connect_first(addresses, timeout_s=timeout_s, stagger_s=0.01))
    return caught.value


def test_the_first_address_that_answers_is_taken() -> None:
    with listening() as good:
        connection = asyncio.run(connect_first([good], timeout_s=5.0))

    with connection.sock:
        assert connection.address == good
        assert connection.failures == ()
        assert str(connection) == f"127.0.0.1 port {good.port}"


def test_an_address_that_never_answers_does_not_hide_a_live_one() -> None:
    with black_hole() as dead, listening() as good:
        connection = asyncio.run(connect_first([dead, good], timeout_s=30.0, stagger_s=0.01))

    with connection.sock:
        assert connection.address == good


def test_a_refused_address_is_followed_by_the_next_at_once_and_remembered() -> None:
    dead = unused()
    with listening() as good:
        connection = asyncio.run(connect_first([dead, good], timeout_s=5.0, stagger_s=60.0))

    with connection.sock:
        assert connection.address == good
        assert str(connection) == f"{good} (not {dead}: connection refused)"


def test_when_nobody_listens_it_says_so() -> None:
    dead = unused()

    error = failed(dead)

    assert (error.phase, error.reason) == (Phase.CONNECT, Reason.REFUSED)
    assert error.detail == f"{dead}: connection refused"


def test_when_nobody_answers_it_says_how_long_it_waited() -> None:
    with black_hole() as dead:
        error = failed(dead, timeout_s=0.05)

    assert (error.reason, error.detail) == (Reason.TIMEOUT, f"{dead}: no answer within 0.05 seconds")


def test_the_reason_that_says_most_speaks_for_all_addresses() -> None:
    with black_hole() as silent:
        error = failed(silent, unused(), timeout_s=0.05)

    assert error.reason is Reason.REFUSED
    assert "no answer within" in error.detail


def test_a_cancelled_race_leaves_no_socket_behind() -> None:
    async def scenario(dead: Address) -> None:
        race = asyncio.create_task(connect_first([dead], timeout_s=60.0))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        race.cancel()
        with pytest.raises(asyncio.CancelledError):
            await race

    with black_hole() as dead:
        asyncio.run(scenario(dead))  # an unclosed socket would be a ResourceWarning, which is an error here


def test_families_take_turns_beginning_with_the_resolver_s_first() -> None:
    six, six_too, four = address("::1"), address("::2"), address("127.0.0.1")

    assert alternate_families([six, six_too, four]) == [six, four, six_too]
    assert alternate_families([four]) == [four]


IPS = st.lists(st.sampled_from(["127.0.0.1", "127.0.0.2", "127.0.0.3", "::1", "::2"]), min_size=1, unique=True)


@given(IPS)
def test_taking_turns_loses_no_address_and_keeps_each_family_s_order(ips: list[str]) -> None:
    addresses = [address(ip) for ip in ips]

    turns = alternate_families(addresses)

    for family in (socket.AF_INET, socket.AF_INET6):
        assert [one for one in turns if one.family == family] == [one for one in addresses if one.family == family]
