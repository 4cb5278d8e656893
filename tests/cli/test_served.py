from maild.cli.served import Accounts, Closed, accounts_of


def test_a_status_says_which_accounts_cannot_send() -> None:
    breaker = {"phase": "auth", "reason": "reply", "detail": "the login was refused", "until": None}
    status = {"accounts": [{"name": "billing", "breaker": breaker}, {"name": "shop", "breaker": None}]}

    assert accounts_of(status) == Accounts(
        is_served=True, is_known=True, closed={"billing": Closed(detail="the login was refused", until=None)}
    )
    assert accounts_of({}).closed == {}
