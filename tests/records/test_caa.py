from maild.records.caa import CaaFindings, find_caa
from maild.records.dialogue import drive
from tests.fakes.zone import Zone


def find(name: str, zone: str) -> CaaFindings:
    return drive(find_caa(name), Zone(zone).answer)


def test_the_nearest_records_count() -> None:
    zone = """
    shop.example     CAA  0 issue "letsencrypt.org; validationmethods=dns-01"
    shop.example     CAA  0 iodef "mailto:x@shop.example"
    shop.example     CAA  0 issue ";"
    example          CAA  0 issue "other.example"
    """

    assert find("mx.shop.example", zone) == CaaFindings(
        source="shop.example", issuers=("letsencrypt.org",), has_issue=True
    )
    assert not find("mx.shop.example", zone).forbids_all


def test_no_record_lets_every_authority_issue_and_an_empty_one_none() -> None:
    assert find("mx.shop.example", "shop.example A 192.0.2.1") == CaaFindings()
    assert find("shop.example", 'shop.example CAA 0 issue ";"').forbids_all
    assert find("shop.example", 'shop.example CAA 128 tbs "x"').unknown == ("tbs",)
    assert find("shop.example", 'shop.example CAA 128 tbs "x"').forbids_all
    assert not find("shop.example", 'shop.example CAA 0 tbs "x"\nshop.example CAA junk').forbids_all


def test_silence_on_the_way_up_leaves_it_open() -> None:
    assert find("shop.example", "shop.example SILENT").silent == "CAA of shop.example: SERVFAIL"
