import os
import socket
from pathlib import Path

from maild.daemon.activation import inherited_sockets
from tests.rows import each_row

FIRST = 200
"""Where the descriptors of these tests begin: 3 is taken by whoever runs them."""


def handed_over(*sockets: socket.socket | int) -> dict[str, str]:
    """The environment in which these are the process's descriptors from FIRST on."""
    for number, found in enumerate(sockets, FIRST):
        os.dup2(found if isinstance(found, int) else found.fileno(), number)
    return {"LISTEN_FDS": str(len(sockets)), "LISTEN_PID": "7"}


def test_listening_sockets_are_taken_in_order(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as local:
        local.bind(str(tmp_path / "web.sock"))
        local.listen()
        taken = inherited_sockets(handed_over(tcp, local), pid=7, first=FIRST)

        assert [one.getsockname() for one in taken] == [tcp.getsockname(), local.getsockname()]
        assert [one.get_inheritable() for one in taken] == [False, False]
        for one in taken:
            one.close()


def test_what_does_not_listen_is_left_alone(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as file, socket.socket() as quiet, socket.socket(type=socket.SOCK_DGRAM) as udp:
        environ = handed_over(file.fileno(), quiet, udp)

        assert inherited_sockets(environ, pid=7, first=FIRST) == ()
        for number in range(FIRST, FIRST + 3):
            os.close(number)
        # A number that is too high, or a descriptor that is not there.
        assert inherited_sockets({**environ, "LISTEN_FDS": "99999999"}, pid=7, first=FIRST) == ()


@each_row(
    "environ",
    [{}, {"LISTEN_FDS": "1"}, {"LISTEN_FDS": "1", "LISTEN_PID": "8"}, {"LISTEN_FDS": "x", "LISTEN_PID": "7"}],
)
def test_what_is_for_another_process_is_not_taken(environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as tcp:
        handed_over(tcp)

        assert inherited_sockets(environ, pid=7, first=FIRST) == ()
        os.close(FIRST)
