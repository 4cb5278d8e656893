"""A domain's MX records: which hosts take its mail, and what is wrong with them. Pure.

The caller asks the name server and hands the answers in, in two steps, because the first answer tells what to ask next:
`select` reads the MX answer, `judge` the addresses of the hosts that `select` named.
"""

from maild.records.mx.answer import (
    DomainAbsent,
    HostAnswer,
    HostFound,
    HostUnanswered,
    HostWithoutAddress,
    MxAbsent,
    MxAnswer,
    MxFound,
    MxRecord,
    MxUnanswered,
)
from maild.records.mx.judge import (
    MxJudgement,
    MxSelection,
    Reception,
    judge,
    select,
)
from maild.records.mx.problem import (
    DomainNotFound,
    ExchangeIsAddress,
    ExchangeIsAlias,
    ExchangeNotPublic,
    ExchangeWithoutAddress,
    ImplicitMx,
    MissingTrailingDot,
    MxProblem,
    NoMailHost,
    NotAnswered,
    NullMx,
    NullMxBesideOthers,
    PrivateAddress,
)

__all__ = [
    "DomainAbsent",
    "DomainNotFound",
    "ExchangeIsAddress",
    "ExchangeIsAlias",
    "ExchangeNotPublic",
    "ExchangeWithoutAddress",
    "HostAnswer",
    "HostFound",
    "HostUnanswered",
    "HostWithoutAddress",
    "ImplicitMx",
    "MissingTrailingDot",
    "MxAbsent",
    "MxAnswer",
    "MxFound",
    "MxJudgement",
    "MxProblem",
    "MxRecord",
    "MxSelection",
    "MxUnanswered",
    "NoMailHost",
    "NotAnswered",
    "NullMx",
    "NullMxBesideOthers",
    "PrivateAddress",
    "Reception",
    "judge",
    "select",
]
