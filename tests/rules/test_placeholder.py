from maild.rules.placeholder import is_placeholder
from tests.rows import each_row


@each_row(
    "value",
    [
        "smtp.yourdomain.com",
        "mail.YOUR-DOMAIN.de",
        "your-email@gmail.com",
        "<your-email>@shop.example",
        "info@<domain>.com",
        "user@domain.tld",
        "smtp.votre-domaine.fr",
        "info@ihre-firma.de",
        "<password>",
        "Your Name",
        "YOURDOMAIN",
        "YOUR_API_KEY",
    ],
)
def test_what_a_template_has_is_told(value: str) -> None:
    assert is_placeholder(value)


@each_row(
    "value",
    [
        "mail.your-server.de",
        "smtp.example.com",
        "billing@example.com",
        "smtp.yourhosting.nl",
        "info@yourgarden.example",
        "Your Garden Shop",
        "<b>",
        "Shop <billing@shop.example>",
        "",
        "tld",
    ],
)
def test_what_may_be_somebody_s_own_is_left_alone(value: str) -> None:
    assert not is_placeholder(value)
