"""A real Exim of our own on loopback. It refuses who speaks out of turn, and takes messages by BDAT."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from maild.cli.demo.certificates import CertificateFiles
from tests.peers.peer import PASSWORD, USER, Peer
from tests.peers.postfix import free_port, wait_for
from tests.peers.unpacked import unpacked_root

_CONFIG: Final = """\
primary_hostname = peer.localhost
spool_directory = /var/spool/exim4
log_file_path = /var/log/exim4/%slog
deliver_drop_privilege = true
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
tls_certificate = /work/server.pem
tls_privatekey = /work/server.pem
tls_advertise_hosts = *
auth_advertise_hosts = *
chunking_advertise_hosts = *
smtputf8_advertise_hosts = *
smtp_enforce_sync = true
received_header_text =
message_size_limit = 100M
acl_smtp_mail = acl_mail
acl_smtp_rcpt = accept
acl_smtp_data = accept
smtp_accept_max = 50
smtp_accept_queue_per_connection = 0
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
begin acl
acl_mail:
  deny !authenticated = *
  deny !encrypted = *
  accept
begin routers
box:
  driver = accept
  transport = maildir
begin transports
maildir:
  driver = appendfile
  directory = /work/mail
  maildir_format
  user = Debian-exim
  group = Debian-exim
  message_prefix =
  message_suffix =
begin retry
* * F,1m,1s
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{{user}}}}}{{eq{{$auth3}}{{${{readfile{{/work/password}}}}}}}}}}}}
  server_set_id = $auth2
"""


@contextmanager
def running_exim(certificates: CertificateFiles) -> Iterator[Peer]:
    """Start it. It wants STARTTLS and AUTH PLAIN."""
    with unpacked_root("usr/sbin/exim4") as root:
        port = free_port()
        root.write("etc/exim4/exim4.conf", _CONFIG.format(port=port, user=USER))
        root.write("work/password", PASSWORD)
        for name in ("var/spool/exim4", "var/log/exim4", "work/mail"):
            root.make_folder(name, "Debian-exim")
        root.write("work/server.pem", certificates.server.read_text())
        with root.running(["/usr/sbin/exim4", "-bdf"]):
            wait_for(port)
            yield Peer(
                port=port,
                tls="starttls",
                ca_file=certificates.authority,
                stored=lambda: _mailbox(root.folder / "work" / "mail" / "new"),
                said=root.said,
                auth="plain",
            )


def _mailbox(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in sorted(folder.iterdir())] if folder.is_dir() else []
