"""The check `blocklist`: whether the addresses that mail goes out from are on a list of spammers (RFC 5782). Pure.

Only for addresses of one's own, which `dns.sends_from` names. A list is believed only after its own test.
"""

from typing import Final, assert_never

from maild.config.fault import Pointer
from maild.diagnostics import Diagnostic
from maild.probe.dns.scene import Scene, conclude, pass_over
from maild.probe.figure import Figure
from maild.probe.findings import transport as found
from maild.probe.result import CheckResult
from maild.records.blocklist import Listed, Listing, NotListed, Untold, ask_list
from maild.records.dialogue import Dialogue
from maild.records.spf.result import IpAddress

NAME: Final = "blocklist"


def check(scene: Scene) -> Dialogue[CheckResult]:
    """Ask every list about every address."""
    if not scene.sends_from or not scene.lists:
        return pass_over(NAME, "no addresses of your own are named in `dns.sends_from`, or no lists")
    diagnostics: list[Diagnostic] = []
    figures: list[Figure] = []
    for list_ in scene.lists:
        listings = yield from ask_list(list_, scene.sends_from)
        unusable = [listing for listing in listings if isinstance(listing, Untold)]
        if unusable:
            diagnostics.append(_unusable(scene, list_, unusable[0].detail))
        for address, listing in zip(scene.sends_from, listings, strict=True):
            figures += _figures(list_, address, listing)
            diagnostics += _judge(scene, list_, address, listing)
    listed = sum(figure.value for figure in figures if figure.name == "dnsbl_listed")
    told = any(figure.name == "dnsbl_listed" for figure in figures)
    summary = (
        f"sending addresses are on {listed:.0f} of {len(scene.lists)} lists"
        if listed
        else "no sending address is listed"
    )
    if not told:
        summary = "whether sending addresses are listed could not be told"
    return conclude(NAME, summary, tuple(diagnostics), is_told=told, figures=tuple(figures))


def _figures(list_: str, address: IpAddress, listing: Listing) -> list[Figure]:
    label = f"{list_} {address}"
    doubt = Figure(name="dnsbl_indeterminate", label=label, value=isinstance(listing, Untold))
    if isinstance(listing, Untold):
        return [doubt]
    return [Figure(name="dnsbl_listed", label=label, value=isinstance(listing, Listed)), doubt]


def _judge(scene: Scene, list_: str, address: IpAddress, listing: Listing) -> list[Diagnostic]:
    match listing:
        case Listed(codes=codes):
            message = f"{address} is on the list {list_} ({', '.join(codes)}): receivers that ask it refuse your mail."
            help_ = f"See the web page of {list_} for the reason; stop it, then ask to be taken off."
            return [scene.found(found.ADDRESS_LISTED, message, help_, at=scene.locate((Pointer("/dns/sends_from"),)))]
        case NotListed() | Untold():
            return []
        case _:
            assert_never(listing)


def _unusable(scene: Scene, list_: str, detail: str) -> Diagnostic:
    message = f"Nothing can be learned from the list {list_}: {detail}."
    help_ = "Ask by a resolver of your own in `dns.resolvers`, or take the list out of `dns.blocklists`."
    return scene.found(found.LIST_UNUSABLE, message, help_)
