from dataclasses import replace
from datetime import timedelta

from maild.config.model import Privacy
from maild.delivery.events import (
    AnswerLost,
    AttemptFinished,
    BreakerClosed,
    BreakerOpened,
    MessageExpired,
    MessageUnroutable,
    QueueTrouble,
    ReportMade,
    ReportWay,
    SessionOpened,
)
from maild.diagnostics import Diagnostic, Severity
from maild.mail.address import Mailbox
from maild.mail.phase import Phase
from maild.mail.reply import Reply
from maild.mail.verdict import Deferred, Delivered, Failed, Fault, Uncertain, Verdict
from maild.net.oauth.events import TokenRefused, TokenRenewed
from maild.net.step import Reason
from maild.observe.events import (
    CanaryRan,
    ChangesMissed,
    CredentialsChanged,
    DaemonStarted,
    DaemonStopping,
    Event,
    FileAccepted,
    FileGone,
    FileHeld,
    FileRejected,
    LastGoodUnkept,
    PageActed,
    Reloaded,
    RestartPending,
    SpoolDoubtful,
    TaskFailed,
    WatchOverflowed,
    WatchRebuilt,
    WebFileRefused,
    WebFileTaken,
)
from maild.observe.lines import lines_of
from maild.observe.lines.config import SHOWN_DIAGNOSTICS
from maild.observe.privacy import AddressVeil
from maild.probe.downgrade import Change, Quality
from maild.probe.events import LoginSuspended, LoginTried, ProbeFinished, QuestionAsked, ServerChanged
from maild.probe.result import CheckVerdict
from maild.spool.events import (
    DropRejected,
    DropRepeated,
    DropTaken,
    DropUnreadable,
    IntakePaused,
    IntakeResumed,
    UserCrowded,
)
from maild.spool.queue import MessageState, Occasion, QueueId
from tests.observe.values import NOON, diagnostic, probe
from tests.rows import each_row

PROBE_ID = "probe_id=billing@20261123T120000.000Z"
LOST = Change(quality=Quality.STARTTLS, before="offered", after="not offered")
ID = QueueId("01JD0000000000000000000000")
VEIL = AddressVeil(privacy=Privacy.DOMAIN, key=b"k")
DELIVERED = Delivered(reply=Reply.of(250, "2.0.0 ok"))
DEFERRED = Deferred(fault=Fault.RECIPIENT, phase=Phase.RCPT, reason="mailbox full", reply=Reply.of(452, "<bob@x.y>"))
FAILED = Failed(fault=Fault.MESSAGE, phase=Phase.DATA, reason="too large")
UNCERTAIN = Uncertain(phase=Phase.BODY, reason="the answer was lost")


def attempt(*verdicts: Verdict, state: MessageState = MessageState.SENT) -> AttemptFinished:
    return AttemptFinished(
        id=ID,
        account="billing",
        generation=3,
        verdicts={Mailbox(f"r{number}", "example.com"): verdict for number, verdict in enumerate(verdicts)},
        state=state,
        seconds=0.12345,
        waited_seconds=2.0,
        next_at=NOON if state is MessageState.QUEUED else None,
        finished_at=NOON,
    )


def shown(event: Event) -> str:
    return "\n".join(
        f"{line.level} {line.event} " + " ".join(f"{k}={v}" for k, v in line.fields.items() if v is not None)
        for line in lines_of(event, VEIL)
    ).strip()


@each_row(
    ("event", "text"),
    [
        (
            DropTaken(drop="a.eml", id=ID, size_bytes=10, recipient_count=2, taken_at=NOON),
            f"info drop_taken id={ID} drop=a.eml size=10 recipients=2",
        ),
        (
            DropRejected(drop="a.eml", reason="no_recipients", detail="bob@x.y is it", rejected_at=NOON),
            "warning drop_rejected drop=a.eml reason=no_recipients detail=*@x.y is it",
        ),
        (DropUnreadable(drop="a.eml", detail="mode 0600"), "warning drop_unreadable drop=a.eml detail=mode 0600"),
        (IntakePaused(reason="disk_full", detail="no space"), "error intake_paused reason=disk_full detail=no space"),
        (IntakeResumed(), "info intake_resumed"),
        (
            TokenRenewed(account="billing", expires_at=NOON),
            "debug token_renewed account=billing expires_at=2026-11-23T12:00:00+00:00",
        ),
        (
            TokenRefused(account="billing", is_final=False, detail="no answer for bob@x.y"),
            "warning token_refused account=billing final=False detail=no answer for *@x.y",
        ),
        (
            TokenRefused(account="billing", is_final=True, detail="revoked"),
            "error token_refused account=billing final=True detail=revoked",
        ),
        (
            attempt(DELIVERED),
            (
                f"info attempt_finished id={ID} account=billing generation=3 state=sent to=*@example.com "
                "delivered=1 answer=250 2.0.0 ok seconds=0.123"
            ),
        ),
        (
            attempt(DELIVERED, DEFERRED, state=MessageState.QUEUED),
            (
                f"warning attempt_finished id={ID} account=billing generation=3 state=queued "
                "to=*@example.com,*@example.com delivered=1 deferred=1 answer=mailbox full: 452 <*@x.y> seconds=0.123 "
                "next_at=2026-11-23T12:00:00+00:00"
            ),
        ),
        (
            attempt(DEFERRED, UNCERTAIN, FAILED, *[DELIVERED] * 5, state=MessageState.FAILED),
            (
                f"error attempt_finished id={ID} account=billing generation=3 state=failed "
                f"to={','.join(['*@example.com'] * 5)},+3 delivered=5 deferred=1 "
                "failed=1 uncertain=1 answer=too large seconds=0.123"
            ),
        ),
        (
            attempt(UNCERTAIN, state=MessageState.HELD),
            (
                f"warning attempt_finished id={ID} account=billing generation=3 state=held to=*@example.com "
                "uncertain=1 answer=the answer was lost seconds=0.123"
            ),
        ),
        (attempt(), f"info attempt_finished id={ID} account=billing generation=3 state=sent to= answer= seconds=0.123"),
        (MessageUnroutable(id=ID, detail="no account"), f"warning message_unroutable id={ID} detail=no account"),
        (MessageExpired(id=ID, account="billing"), f"error message_expired id={ID} account=billing"),
        (
            BreakerOpened(
                account="billing",
                phase=Phase.AUTH,
                reason=Reason.REPLY,
                detail="535 bob@x.y",
                until=NOON + timedelta(minutes=1),
            ),
            (
                "warning breaker_opened account=billing phase=auth reason=refused_by_server detail=535 *@x.y "
                "until=2026-11-23T12:01:00+00:00"
            ),
        ),
        (BreakerClosed(account="billing"), "info breaker_closed account=billing"),
        (SessionOpened(account="billing", seconds=0.5), "debug session_opened account=billing seconds=0.5"),
        (
            ReportMade(id=QueueId("01J"), occasion=Occasion.FAILED, way=ReportWay.MAIL),
            "info report_made id=01J occasion=failed way=mail",
        ),
        (
            ReportMade(id=QueueId("01J"), occasion=Occasion.DELAYED, way=ReportWay.NONE, detail="x@y.example is bulk"),
            "debug report_made id=01J occasion=delayed way=none detail=*@y.example is bulk",
        ),
        (
            UserCrowded(user=1000, drop="b.eml", until=NOON),
            "warning user_crowded user=1000 drop=b.eml until=2026-11-23T12:00:00+00:00",
        ),
        (
            DropRepeated(drop="b.eml", id=QueueId("01J"), of="a.eml", repeated_at=NOON),
            "info drop_repeated id=01J drop=b.eml of=a.eml",
        ),
        (AnswerLost(id=QueueId("01J"), account="billing"), "warning answer_lost id=01J account=billing"),
        (QueueTrouble(detail="disk I/O error"), "error queue_troubled detail=disk I/O error"),
        (ProbeFinished(result=probe()), f"info probe_finished account=billing {PROBE_ID} smtp=pass seconds=0.5"),
        (
            ProbeFinished(result=probe(verdict=CheckVerdict.FAIL)),
            (
                f"warning probe_finished account=billing {PROBE_ID} smtp=fail "
                "detail=550 no such user <*@example.com> seconds=0.5"
            ),
        ),
        (LoginTried(account="billing", is_rejected=False), "debug login_tried account=billing rejected=False"),
        (LoginTried(account="billing", is_rejected=True), "warning login_tried account=billing rejected=True"),
        (
            ServerChanged(account="billing", changes=(LOST,), is_held=True),
            "error server_changed account=billing held=True detail=starttls: offered before, not offered now",
        ),
        (
            ServerChanged(account="billing", changes=(LOST,), is_held=False),
            "warning server_changed account=billing held=False detail=starttls: offered before, not offered now",
        ),
        (
            ServerChanged(account="billing", changes=(replace(LOST, is_weaker=False),), is_held=False),
            "info server_changed account=billing held=False detail=starttls: offered before, not offered now",
        ),
        (QuestionAsked(server="", rdtype="TXT", seconds=0.1, silence=None), ""),
        (
            LoginSuspended(account="billing", detail="535 bob@x.y"),
            "error login_suspended account=billing detail=535 *@x.y",
        ),
        (
            DaemonStarted(version="1", config="c", spool="s", listen=("a", "b"), accounts=1, waiting=2),
            "info daemon_started version=1 config=c spool=s listen=a,b accounts=1 waiting=2",
        ),
        (DaemonStopping(reason="SIGTERM", in_flight=2), "info daemon_stopping reason=SIGTERM in_flight=2"),
        (FileAccepted(file="a.yaml", generation=2), "info file_accepted file=a.yaml generation=2"),
        (FileGone(file="a.yaml", generation=2), "info file_gone file=a.yaml generation=2"),
        (TaskFailed(task="engine", detail="KeyError"), "error task_failed task=engine detail=KeyError"),
        (
            SpoolDoubtful(code="ML616", detail="it lies in memory"),
            "warning spool_doubtful code=ML616 detail=it lies in memory",
        ),
        (WatchRebuilt(folder="c", mode="events", problem=""), "info watch_rebuilt folder=c mode=events"),
        (
            WatchRebuilt(folder="c", mode="polling", problem="limit"),
            "warning watch_rebuilt folder=c mode=polling detail=limit",
        ),
        (WatchOverflowed(folder="c"), "warning watch_overflowed folder=c"),
        (ChangesMissed(files=3), "warning changes_missed files=3"),
        (
            RestartPending(settings=("spool.path", "web.listen")),
            "warning restart_pending settings=spool.path,web.listen",
        ),
        (WebFileTaken(file="web.yml"), "info web_file_taken file=web.yml"),
        (WebFileRefused(file="web.yml", detail="no"), "error web_file_refused file=web.yml detail=no"),
        (
            PageActed(deed="hold", id=ID, is_done=True, detail="held"),
            f"info page_acted id={ID} deed=hold done=True detail=held",
        ),
        (
            PageActed(deed="reload", id="", is_done=False, detail="no"),
            "warning page_acted deed=reload done=False detail=no",
        ),
        (CredentialsChanged(accounts=("a", "b")), "info credentials_changed accounts=a,b"),
        (CredentialsChanged(accounts=tuple("abcdefg")), "info credentials_changed accounts=a,b,c,d,e,+2"),
        (
            CredentialsChanged(accounts=(), on_trial=("a",)),
            "info credentials_changed held=a",
        ),
        (FileHeld(file="a.yaml", has_last_good=True), "info file_held file=a.yaml in_force=last good"),
        (CanaryRan(file="a.yaml", result="passed"), "info canary_ran file=a.yaml result=passed"),
        (CanaryRan(file="a.yaml", result="waived"), "warning canary_ran file=a.yaml result=waived"),
        (CanaryRan(file="a.yaml", result="untold"), "debug canary_ran file=a.yaml result=untold"),
        (LastGoodUnkept(detail="the disk is full"), "error last_good_unkept detail=the disk is full"),
    ],
)
def test_an_event_as_a_line(event: Event, text: str) -> None:
    assert shown(event) == text


@each_row(
    ("trigger", "has_changed", "is_clean", "head"),
    [
        ("rescan", False, True, "debug config_unchanged"),
        ("signal", False, True, "info config_unchanged"),
        ("event", True, True, "info config_reloaded"),
        ("event", True, False, "warning config_reloaded"),
    ],
)
def test_a_reload_is_as_loud_as_it_is_news(trigger: str, *, has_changed: bool, is_clean: bool, head: str) -> None:
    event = Reloaded(
        generation=2, trigger=trigger, has_changed=has_changed, is_clean=is_clean, seconds=0.01, finished_at=NOON
    )

    text = f"generation=2 trigger={trigger} clean={is_clean} seconds=0.01"
    assert shown(event) == f"{head} {text}"
    closed = replace(event, is_clean=False, problem="the folder is not there")
    assert shown(closed) == f"warning {head.split()[1]} {text.replace('True', 'False')} problem=the folder is not there"


def test_a_rejected_file_is_followed_by_what_is_wrong_with_it() -> None:
    nowhere = Diagnostic(code="ML999", name="internal-error", severity=Severity.INFO, message="m")
    event = FileRejected(
        file="accounts/a.yaml",
        has_last_good=True,
        diagnostics=(diagnostic("bob@x.y is no host", Severity.ERROR), nowhere),
    )

    assert shown(event).splitlines() == [
        "error file_rejected file=accounts/a.yaml in_force=last good diagnostics=2",
        (
            "error diagnostic_found code=ML301 name=port-25-submission file=accounts/a.yaml line=4 "
            "message=*@x.y is no host help=use 465"
        ),
        "info diagnostic_found code=ML999 name=internal-error message=m",
    ]


def test_a_file_with_hundreds_of_faults_does_not_fill_the_journal() -> None:
    event = FileRejected(file="a", has_last_good=False, diagnostics=(diagnostic(),) * 300)

    assert len(lines_of(event, VEIL)) == 1 + SHOWN_DIAGNOSTICS
