from maild.cli.changes import all_changes
from maild.config.change import AccountBroken, AccountGone
from maild.config.compare import Configuration
from maild.config.model import Account, Site, SmtpSettings, Tls, TlsMode
from maild.config.route import Match
from maild.delivery.detour import RouteMoved
from maild.delivery.route import RoutingFacts
from maild.delivery.stranding import QueuedMail, Stranded
from maild.mail.address import Mailbox

SMTP = SmtpSettings(host="mail.shop.example", port=465, tls=Tls(mode=TlsMode.IMPLICIT))
OLD = Configuration(accounts={"a": Account(name="a", transport=SMTP, username="a@shop.example")})
WAITING = QueuedMail(
    facts=RoutingFacts(account="a", sender="", headers={}), recipients=(Mailbox("ann", "customer.example"),)
)


def test_settings_come_first_then_ways_then_what_waits() -> None:
    assert all_changes(OLD, Configuration(), [WAITING]) == (
        AccountGone(account="a"),
        RouteMoved(match=Match(), before="a", after=None),
        Stranded(account="a", messages=1),
    )


def test_a_file_with_errors_moves_no_mail_for_its_earlier_version_stays() -> None:
    new = Configuration(site=None, broken=frozenset({"a"}))
    old = Configuration(site=Site(default_account="a"), accounts=OLD.accounts)
    assert all_changes(old, new, [WAITING])[0] == AccountBroken(account="a", was_there=True)
    assert not any(isinstance(change, (RouteMoved, Stranded)) for change in all_changes(old, new, [WAITING]))
