from maild.cli.account_draft import NewAccount, account_text, default_name, known_host, known_username
from maild.config.load import load_account
from maild.mail.address import Mailbox
from maild.providers import PROVIDERS, Provider


def provider(wanted: str) -> Provider:
    return next(one for one in PROVIDERS if one.id == wanted)


def test_a_name_is_what_can_be_a_file_s_name() -> None:
    assert default_name(Mailbox.parse("Billing+x@shop.example")) == "Billing-x"
    assert default_name(Mailbox.parse("会計@shop.example")) == "account"


def test_the_server_follows_from_the_domain_where_it_can() -> None:
    assert known_host(provider("zoho"), "zohomail.com") == "smtp.zoho.com"
    assert known_host(provider("zoho"), "shop.example") == "smtppro.zoho.com"
    assert known_host(provider("amazon-ses"), "shop.example") is None


def test_the_login_name_follows_from_the_address_where_it_can() -> None:
    address = Mailbox.parse("me@shop.example")

    assert known_username(None, address) == "me@shop.example"
    assert known_username(provider("web-de"), address) == "me"
    assert known_username(provider("resend"), address) == "resend"
    assert known_username(provider("brevo"), address) is None


def test_where_passwords_end_a_token_is_wanted() -> None:
    new = NewAccount(
        name="me",
        address=Mailbox.parse("me@outlook.com"),
        host="smtp-mail.outlook.com",
        username="me@outlook.com",
        provider=provider("outlook-com"),
    )

    assert "  # Other servers of the same company: smtp.live.com\n" in account_text(new)
    assert "  auth: xoauth2 " in account_text(new)
    assert "oauth: {provider: microsoft, client_id: " in account_text(new)
    assert "password" not in account_text(new).replace("app password", "").split("username:")[1]


def test_values_that_yaml_would_misread_are_quoted() -> None:
    address = Mailbox.parse("1e3@shop.example")
    for username in ("yes", "0123", "a: b # c", '"', "null"):
        new = NewAccount(name="x y", address=address, host="::1", username=username, provider=None)
        loaded = load_account("x y.yaml", account_text(new).encode())

        assert loaded.account is not None, loaded.faults
        assert loaded.account.username == username
        assert loaded.account.sender == address
