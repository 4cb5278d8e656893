"""Amazon Simple Email Service; each region has a server and credentials of its own."""

from datetime import date
from types import MappingProxyType
from typing import Final

from maild.providers.provider import (
    IMPLICIT,
    STARTTLS,
    Aspect,
    OtherHost,
    Provider,
    ProviderLimits,
    SecretShape,
    SenderRule,
    ServerPort,
    Source,
    UsernameForm,
)

AMAZON_SES: Final = Provider(
    id="amazon-ses",
    title="Amazon SES",
    hosts=("email-smtp.*.amazonaws.com", "email-smtp-fips.*.amazonaws.com"),
    ports=(
        ServerPort(port=587, mode=STARTTLS),
        ServerPort(port=465, mode=IMPLICIT),
        ServerPort(port=2587, mode=STARTTLS),
        ServerPort(port=2465, mode=IMPLICIT),
        ServerPort(port=25, mode=STARTTLS),
    ),
    username=UsernameForm.ISSUED,
    username_shape=SecretShape(pattern=r"[^@\s]+", what="the SMTP user name of the SES console"),
    mechanisms=("plain", "login"),
    password_advice=(
        "Amazon SES wants SMTP credentials, made in the SES console under SMTP settings, and only in the region "
        "of this server. An AWS access key and its secret do not work as user name and password."
    ),
    limits=ProviderLimits(message_megabytes=40, per_message=50, per_session=350),
    null_sender=False,
    sources=(
        Source(url="https://docs.aws.amazon.com/ses/latest/dg/smtp-connect.html", checked=date(2026, 11, 23)),
        Source(url="https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html", checked=date(2026, 11, 23)),
        Source(url="https://docs.aws.amazon.com/ses/latest/dg/quotas.html", checked=date(2026, 11, 24)),
        # Met, not documented: "421 Connection closed by server. Maximum message count per session reached."
        Source(
            url="https://repost.aws/questions/QUw5qK9rBFSKqXvW5a-nAteg/"
            "amazon-ses-smtp-error-response-421-connection-closed-by-server-maximum-message-count-per-session-reached",
            checked=date(2026, 11, 24),
        ),
        # MAIL FROM:<> is answered with 501 Invalid MAIL FROM address provided.
        Source(url="https://github.com/docker-mailserver/docker-mailserver/issues/2403", checked=date(2026, 11, 24)),
    ),
    sender=SenderRule.VERIFIED,
    spf_include="amazonses.com",
    foreign_passwords=(SecretShape(pattern=r"[A-Za-z0-9/+]{40}", what="an AWS secret access key"),),
    other_hosts=(
        OtherHost(
            host="email.*.amazonaws.com", purpose="is the HTTP interface", instead="email-smtp.REGION.amazonaws.com"
        ),
        OtherHost(
            host="email-smtp.amazonaws.com", purpose="names no region", instead="email-smtp.REGION.amazonaws.com"
        ),
    ),
    other_names=("ses", "aws", "awsses"),
    region_names=MappingProxyType(
        {
            "virginia": "us-east-1",
            "northvirginia": "us-east-1",
            "nvirginia": "us-east-1",
            "ohio": "us-east-2",
            "california": "us-west-1",
            "oregon": "us-west-2",
            "montreal": "ca-central-1",
            "saopaulo": "sa-east-1",
            "frankfurt": "eu-central-1",
            "zurich": "eu-central-2",
            "ireland": "eu-west-1",
            "dublin": "eu-west-1",
            "london": "eu-west-2",
            "paris": "eu-west-3",
            "stockholm": "eu-north-1",
            "milan": "eu-south-1",
            "tokyo": "ap-northeast-1",
            "seoul": "ap-northeast-2",
            "osaka": "ap-northeast-3",
            "mumbai": "ap-south-1",
            "singapore": "ap-southeast-1",
            "sydney": "ap-southeast-2",
            "jakarta": "ap-southeast-3",
            "capetown": "af-south-1",
            "telaviv": "il-central-1",
            "bahrain": "me-south-1",
        }
    ),
    regions=(
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
        "ca-central-1",
        "ca-west-1",
        "sa-east-1",
        "eu-central-1",
        "eu-central-2",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "eu-north-1",
        "eu-south-1",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-south-2",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-3",
        "ap-southeast-5",
        "af-south-1",
        "il-central-1",
        "me-south-1",
        "me-central-1",
        "us-gov-east-1",
        "us-gov-west-1",
    ),
    region_shape=r"(?:us|ca|mx|sa|eu|ap|af|il|me|us-gov)-(?:central|(?:north|south)?(?:east|west)|north|south)-[1-9]",
    codes=MappingProxyType({Aspect.FOREIGN_PASSWORD: "ML426", Aspect.REGION: "ML427", Aspect.HOST: "ML428"}),
)
