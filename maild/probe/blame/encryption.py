"""Cases of encryption: STARTTLS, the handshake, the certificate.

The defects of a certificate have the names that `maild.net.certificate` gives them.
"""

from typing import Final

from maild.mail.phase import Phase
from maild.net.step import Reason
from maild.probe.blame.case import Case, has_problem, is_http, is_provider
from maild.probe.findings.server import CERTIFICATE_INVALID, NO_STARTTLS, PROTOCOL_VIOLATION, TLS_FAILED
from maild.probe.owner import Owner

_MODE: Final = ("/smtp/tls/mode", "/smtp/port")
_TRUST: Final = ("/smtp/tls/ca_file", "/smtp/tls", "/smtp/host")
_UNKNOWN_ISSUER: Final = ("self_signed", "untrusted_root")

STARTTLS: Final = (
    Case(
        finding=NO_STARTTLS,
        reasons=(Reason.NO_STARTTLS,),
        when=(is_provider,),
        owner=Owner.NETWORK,
        cause="{provider} does offer STARTTLS, so something between you and the server removes the offer: a virus "
        "scanner, a firewall that looks into mail, or an attacker.",
        fix="Switch that inspection off, or use another of the server's ports: {ports}.",
        pointers=_MODE,
    ),
    Case(
        finding=NO_STARTTLS,
        reasons=(Reason.NO_STARTTLS,),
        owner=Owner.YOU,
        cause="The server on port {port} offers no encryption, and the account wants STARTTLS.",
        fix="Use port 465 with `mode: implicit`, or switch TLS on in the server.",
        pointers=_MODE,
    ),
    Case(
        finding=PROTOCOL_VIOLATION,
        phases=(Phase.STARTTLS,),
        reasons=(Reason.PROTOCOL,),
        owner=Owner.NETWORK,
        cause="Something was slipped into the conversation before the encryption began.",
        fix="Use port 465 with `mode: implicit`, and another network: this is how an attack looks.",
        pointers=_MODE,
    ),
    Case(
        finding=TLS_FAILED,
        phases=(Phase.STARTTLS,),
        owner=Owner.PROVIDER,
        cause="The server offers STARTTLS and then could not begin it.",
        fix="Wait, or use port 465 with `mode: implicit`. On your own server look for its certificate's key.",
        pointers=_MODE,
    ),
)

CERTIFICATE: Final = (
    Case(
        finding=CERTIFICATE_INVALID,
        reasons=(Reason.CERTIFICATE,),
        when=(has_problem("not_pinned"),),
        owner=Owner.YOU,
        cause="The server shows another certificate than the account pins: it was renewed, or somebody else answers in "
        "its place.",
        fix="Ask whoever runs the server for its present fingerprint by another way. If it is the one that was seen, "
        "write it as `pin_sha256`.",
        pointers=("/smtp/tls/pin_sha256",),
    ),
    Case(
        finding=CERTIFICATE_INVALID,
        reasons=(Reason.CERTIFICATE,),
        when=(is_provider, has_problem("expired", "not_yet_valid")),
        owner=Owner.YOU,
        cause="By this machine's clock the certificate of {provider} is not valid today: the clock is probably wrong.",
        fix="Set the clock (`timedatectl`).",
    ),
    Case(
        finding=CERTIFICATE_INVALID,
        reasons=(Reason.CERTIFICATE,),
        when=(is_provider,),
        owner=Owner.NETWORK,
        cause="The certificate is not the one of {provider}: something between you and the server answers in its "
        "place, such as a virus scanner, a proxy, the login page of a guest network, or an attacker.",
        fix="Do not switch verification off. Switch that inspection off, or use another network.",
    ),
    Case(
        finding=CERTIFICATE_INVALID,
        reasons=(Reason.CERTIFICATE,),
        when=(has_problem("name_mismatch"), lambda scene: bool(scene.certificate and scene.certificate.names)),
        owner=Owner.YOU,
        cause='The certificate is not for "{host}" but for {names}.',
        fix="Write one of those names as the host, or give the server a certificate for this one.",
        pointers=("/smtp/host",),
    ),
    Case(
        finding=CERTIFICATE_INVALID,
        reasons=(Reason.CERTIFICATE,),
        when=(has_problem("name_mismatch"),),
        owner=Owner.PROVIDER,
        cause='The certificate is not for "{host}".',
        fix="Give the server a certificate with that name, or write the name that the certificate has.",
        pointers=("/smtp/host",),
    ),
    Case(
        finding=CERTIFICATE_INVALID,
        reasons=(Reason.CERTIFICATE,),
        when=(has_problem(*_UNKNOWN_ISSUER), lambda scene: scene.target.has_ca_file),
        owner=Owner.YOU,
        cause="The certificate does not come from the authority in the CA file.",
        fix="Put the certificate of the server's present authority into the CA file.",
        pointers=_TRUST,
    ),
    Case(
        finding=CERTIFICATE_INVALID,
        reasons=(Reason.CERTIFICATE,),
        when=(has_problem(*_UNKNOWN_ISSUER), is_http),
        owner=Owner.PROVIDER,
        cause="Nobody known vouches for the certificate: the service made it itself or has an authority of its own.",
        fix="If it is your own service, save its certificate and name the file as `tls: {{ca_file: service.pem}}`, in "
        "the section `http`.",
        pointers=("/http/url",),
    ),
    Case(
        finding=CERTIFICATE_INVALID,
        reasons=(Reason.CERTIFICATE,),
        when=(has_problem(*_UNKNOWN_ISSUER),),
        owner=Owner.YOU,
        cause="Nobody known vouches for the certificate: the server made it itself or has an authority of its own.",
        fix="If it is your own server, save its certificate and name the file as `tls: {{ca_file: server.pem}}`.",
        pointers=_TRUST,
    ),
    Case(
        finding=CERTIFICATE_INVALID,
        reasons=(Reason.CERTIFICATE,),
        when=(has_problem("expired"),),
        owner=Owner.PROVIDER,
        cause="The server's certificate has expired.",
        fix="Renew it on the server and let the mail server read it again.",
    ),
    Case(
        finding=CERTIFICATE_INVALID,
        reasons=(Reason.CERTIFICATE,),
        when=(has_problem("not_yet_valid"),),
        owner=Owner.YOU,
        cause="The certificate is not valid yet: this machine's clock or the server's is probably wrong.",
        fix="Set the clock (`timedatectl`).",
    ),
    Case(
        finding=CERTIFICATE_INVALID,
        reasons=(Reason.CERTIFICATE,),
        when=(has_problem("incomplete_chain"),),
        owner=Owner.PROVIDER,
        cause="The server does not send the intermediate certificate that links its own to a known authority.",
        fix="Let the server send the full chain (often a file called fullchain.pem).",
    ),
    Case(
        finding=CERTIFICATE_INVALID,
        reasons=(Reason.CERTIFICATE,),
        owner=Owner.PROVIDER,
        cause="The server's certificate is of a kind that is not accepted any more.",
        fix="Give the server a new certificate with a key of at least 2048 bits RSA, or an elliptic curve.",
    ),
)

HANDSHAKE: Final = (
    Case(
        finding=TLS_FAILED,
        phases=(Phase.TLS, Phase.CERTIFICATE),
        reasons=(Reason.TLS, Reason.LOST, Reason.TIMEOUT, Reason.PROTOCOL),
        owner=Owner.PROVIDER,
        cause="The server and maild found no common way to encrypt; TLS 1.2 is the oldest that is accepted.",
        fix="Update the server, or use the port and TLS mode that it documents.",
        pointers=_MODE,
    ),
)
