from hypothesis import given
from hypothesis import strategies as st

from maild.config.draft import AccountDraft
from maild.config.load import load_account
from maild.rules.census import Census
from maild.secret import EnvRef

NAMES = st.sampled_from(["a", "b", "c", "d"])
DRAFTS = st.none() | st.builds(
    AccountDraft,
    host=st.none() | st.just("smtp.example.com"),
    password=st.none() | st.builds(EnvRef, name=st.sampled_from(["ONE", "TWO"])),
)


@given(st.lists(st.dictionaries(NAMES, DRAFTS), max_size=4))
def test_a_census_that_followed_every_change_is_the_one_taken_anew(
    changes: list[dict[str, AccountDraft | None]],
) -> None:
    census = Census()
    now: dict[str, AccountDraft | None] = {}
    for changed in changes:
        census = census.after(changed, accounts=None)
        now |= changed

    assert census == Census().after(now, accounts=None)


def test_of_the_accounts_with_one_password_the_first_by_name_is_known() -> None:
    text = b"smtp: {host: smtp.example.com}\npassword: {env: PASSWORD}\n"

    census = Census.of([load_account("b.yaml", text), load_account("a.yaml", text)], ["a", "b"])

    assert census.first_with == {EnvRef(name="PASSWORD"): "a"}
    assert (list(census.drafts), census.accounts) == (["b", "a"], ("a", "b"))
