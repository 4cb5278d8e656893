from maild.cli.account_settings import HIDDEN, Setting, settings_of, shown_text, without_query
from maild.config.load import load_account


def settings(text: str, masked: str | None = None) -> dict[str, Setting]:
    loaded = load_account("shop.yaml", text.encode())
    assert loaded.account is not None, loaded.faults
    return {one.key: one for one in settings_of(loaded.account, loaded, text if masked is None else masked)}


def test_a_server_without_login_has_no_mechanism_and_no_password() -> None:
    found = settings("protocol: smtp\nsmtp: {host: localhost, port: 25}\nemail: shop@shop.example\n")

    assert found["smtp.auth"] == Setting(key="smtp.auth", value=None, absent="none")
    assert found["username"].absent == "none, so there is no login"
    assert found["email"] == Setting(key="email", value="shop@shop.example")
    assert found["password"].value is None
    assert found["limits.connections"] == Setting(key="limits.connections", value=4, origin="default")


def test_an_http_service_has_its_keys_and_no_others() -> None:
    found = settings("protocol: http\nhttp: {url: mail.example/send}\nreply_to: office@shop.example\n")

    assert found["http.url"] == Setting(key="http.url", value="https://mail.example/send")
    assert found["http.kind"] == Setting(key="http.kind", value="form", origin="default")
    assert found["email"].origin == "the first of reply_to"
    assert found["reply_to_policy"] == Setting(key="reply_to_policy", value="replace", origin="default")
    assert not {"smtp.host", "username", "password"} & set(found)


def test_a_provider_s_limits_are_named_as_its_own() -> None:
    text = "protocol: smtp\nsmtp: {host: smtp.office365.com, port: 587}\nusername: a@shop.example\npassword: {env: X}\n"
    found = settings(text)

    assert found["limits.per_minute"].origin == "the limit of Microsoft 365"
    assert found["limits.connections"] == Setting(
        key="limits.connections", value=3, absent="none", origin="the limit of Microsoft 365"
    )


def test_a_proxy_with_a_login_is_shown_with_the_reference_to_its_password() -> None:
    found = settings(
        "protocol: smtp\nsmtp:\n  host: localhost\n  port: 25\n  proxy: socks5://proxy.example:1080\n"
        "  proxy_login: {username: shop, password: {env: PROXY_PASSWORD}}\nemail: shop@shop.example\n"
    )

    assert found["smtp.proxy"].value == "socks5://proxy.example:1080"
    assert found["smtp.proxy_login.username"].value == "shop"
    assert found["smtp.proxy_login.password"].value == "environment variable PROXY_PASSWORD"


def test_what_the_report_hides_is_hidden() -> None:
    text = "protocol: http\nhttp: {url: https://mail.example/}\nname: tok-123\nreply_to: [a@b.example, tok@c.example]\n"
    found = settings(text, masked=text.replace("tok-123", "••••").replace("tok@c.example", "••••"))

    assert found["name"].value == HIDDEN
    assert found["reply_to"].value == ["a@b.example", HIDDEN]


def test_a_key_in_a_url_is_hidden() -> None:
    assert without_query("https://mail.example/send?key=abc&x=?") == f"https://mail.example/send?{HIDDEN}"
    assert without_query("https://mail.example/send?") == "https://mail.example/send?"
    assert without_query("https://mail.example/send") == "https://mail.example/send"


def test_what_is_written_about_tls_time_and_size_is_shown_as_the_file_has_it() -> None:
    pin = "00" * 32
    tls = f"{{min_version: 1.3, pin_sha256: '{pin}', cert_file: c.pem, key_file: c.key}}"
    found = settings(
        f"protocol: smtp\nsmtp: {{host: localhost, tls: {tls}, timeout: 90s}}\nemail: shop@shop.example\n"
        "limits: {max_size: 25MB}\nenabled: false\n"
    )

    shown = {key: setting.value for key, setting in found.items() if setting.origin is None}
    assert shown["smtp.tls.min_version"] == "1.3"
    assert shown["smtp.tls.pin_sha256"] == [pin]
    assert (shown["smtp.tls.cert_file"], shown["smtp.tls.key_file"]) == ("c.pem", "c.key")
    assert (shown["smtp.timeout"], shown["limits.max_size"], shown["enabled"]) == ("90s", "25MB", False)


def test_what_an_account_does_otherwise_than_the_site_is_shown() -> None:
    file = "protocol: smtp\nsmtp: {host: localhost}\nemail: shop@shop.example\n"
    own = "limits: {per_session: 10, per_message: 50}\ndelivery: {retry: [1m, 90m], lifetime: 2d, on_uncertain: wait}\n"
    plain, found = settings(file), settings(file + own)
    keys = ("limits.per_session", "limits.per_message", "delivery.retry", "delivery.lifetime", "delivery.on_uncertain")

    assert [plain[key].value for key in keys] == [None] * 5
    assert [plain[key].absent for key in keys] == ["500", "100", *["as in maild.yaml"] * 3]
    assert [found[key].value for key in keys] == [10, 50, ["1m", "90m"], "2d", "wait"]


def test_words_that_are_masked_in_the_file_are_no_part_of_what_is_shown() -> None:
    source, masked = "reply_to: a@SG.Token\npassword: {env: hunter2!}\nname: SG", "reply_to: a@••••\nname: SG"

    assert shown_text("a@sg.token", source, masked) == "••••"
    assert shown_text("environment variable hunter2!}", source, masked) == "environment variable ••••"
    assert shown_text("SG of another", source, masked) == "SG of another"


def test_a_login_by_tokens_shows_where_they_come_from() -> None:
    found = settings(
        "protocol: smtp\nsmtp: {host: smtp.office365.com, port: 587}\nusername: a@shop.example\n"
        "oauth: {provider: microsoft, client_id: 11112222-3333-4444-5555-666677778888}\n"
    )

    assert found["oauth.provider"] == Setting(key="oauth.provider", value="microsoft")
    assert found["oauth.grant"].origin == "default"
    assert found["oauth.client_id"].value == "11112222-3333-4444-5555-666677778888"
    assert str(found["oauth.token_url"].value).startswith("https://login.microsoftonline.com/")
    assert str(found["oauth.device_url"].value).startswith("https://login.microsoftonline.com/")


def test_a_service_that_takes_messages_has_its_own_keys() -> None:
    found = settings("protocol: http\nhttp: {kind: resend}\nemail: shop@shop.example\npassword: {env: KEY}\n")

    assert found["http.kind"] == Setting(key="http.kind", value="resend")
    assert (found["http.region"].value, found["http.domain"].value, found["http.key_header"].value) == (
        None,
        None,
        None,
    )
    assert found["http.envelope"].origin == "default"
    assert found["password"].value is not None
