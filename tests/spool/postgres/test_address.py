import asyncio

import pytest

from maild.secret.value import Secret
from maild.spool.postgres.address import Address


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("postgresql://maild@db1:5432,db2/mail?target_session_attrs=read-write", "db1:5432,db2/mail"),
        ("postgresql:///mail?host=/run/postgresql", "here/mail"),
        ("postgresql://db.example", "db.example"),
    ],
)
def test_hosts_and_database_are_shown_and_nothing_else(uri: str, shown: str) -> None:
    assert str(Address(uri=uri)) == shown


def test_a_password_is_asked_for_each_time_and_never_shown() -> None:
    async def password() -> Secret | None:
        return Secret("s3cret")

    async def ask(address: Address) -> Secret | None:
        return await address.password()

    address = Address(uri="postgresql://db.example/mail", password=password)

    assert asyncio.run(ask(address)) == Secret("s3cret")
    assert "s3cret" not in f"{address} {address!r}"
    assert asyncio.run(ask(Address(uri="postgresql://db.example"))) is None
