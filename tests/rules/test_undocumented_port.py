from tests.rules.examine import codes, examine

LOGIN = "username: billing@inn.example\npassword: {env: SMTP_PASSWORD}\n"


def test_without_encryption_the_port_is_not_what_is_wrong() -> None:
    report = examine(f"protocol: smtp\nsmtp: {{host: smtp.gmail.com, port: 25, tls: {{mode: none}}}}\n{LOGIN}")

    assert codes(report)
    assert "ML401" not in codes(report)


def test_a_port_whose_mode_would_have_to_change_too_is_not_mended_alone() -> None:
    smtp = "smtp: {host: smtp.postmarkapp.com, port: 465, tls: {mode: implicit}}"
    report = examine(f"protocol: smtp\n{smtp}\n{LOGIN}")

    (found,) = (one for one in report.diagnostics if one.code == "ML432")
    assert found.fix is None
