from maild.cli.served import SWITCHED_OFF, Accounts, Closed, Limited, accounts_of


def test_a_status_says_which_accounts_cannot_send() -> None:
    breaker = {"phase": "auth", "reason": "reply", "detail": "the login was refused", "until": None}
    status = {
        "accounts": [
            {"name": "billing", "enabled": True, "breaker": breaker},
            {"name": "shop", "enabled": True, "breaker": None, "budget": {"used_up": "all of it is", "until": "noon"}},
            {"name": "news", "enabled": True, "breaker": None, "budget": {"used_up": "", "until": None}},
            {"name": "old", "enabled": False, "breaker": None},
        ]
    }

    assert accounts_of(status) == Accounts(
        is_served=True,
        is_known=True,
        closed={"billing": Closed(detail="the login was refused", until=None), "old": SWITCHED_OFF},
        limited={"shop": Limited(used_up="all of it is", until="noon")},
    )
    assert accounts_of({}).closed == {}
