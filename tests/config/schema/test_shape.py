from maild.config.fault import Pointer
from maild.config.schema import Shape, known_keys

COMMON = ("email", "reply_to", "reply_to_policy", "name", "copy_to", "limits", "delivery", "dns", "enabled")


def test_an_account_knows_the_keys_of_its_protocol() -> None:
    login = ("username", "password", "oauth")
    assert set(known_keys(Shape.SMTP)[Pointer("")]) == {"version", "protocol", "smtp", *login, *COMMON}
    assert set(known_keys(Shape.HTTP)[Pointer("")]) == {"version", "protocol", "http", *COMMON}
    assert set(known_keys(Shape.SERVICE)[Pointer("")]) == {"version", "protocol", "http", *login, *COMMON}


def test_the_keys_of_every_mapping_are_known_by_its_pointer() -> None:
    assert dict(known_keys(Shape.HTTP)) == {
        "": ("version", "protocol", "http", *COMMON),
        "/http": ("kind", "url", "tls", "timeout", "proxy", "proxy_login"),
        "/http/proxy_login": ("username", "password"),
        "/http/proxy_login/password": ("env", "file", "credential", "command"),
        "/http/tls": ("verify", "ca_file", "min_version", "pin_sha256", "cert_file", "key_file"),
        "/delivery": ("retry", "lifetime", "on_uncertain"),
        "/dns": ("dkim_selectors", "sends_from"),
        "/limits": ("per_minute", "per_day", "connections", "per_session", "per_message", "max_size"),
    }


def test_a_list_in_a_pointer_is_a_star() -> None:
    site = known_keys(Shape.SITE)

    assert site[Pointer("/routes/*")] == ("match", "accounts")
    assert site[Pointer("/routes/*/accounts/*")] == ("account", "weight")
    assert site[Pointer("/routes/*/match")] == ("from", "to", "header")
    assert Pointer("/lint/severity") not in site
