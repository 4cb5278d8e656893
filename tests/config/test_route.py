from maild.config.route import DEFAULT_WEIGHT, Match, Route


def test_an_account_without_a_weight_has_the_usual_one() -> None:
    route = Route(match=Match(), accounts=("shop", "billing"), weights={"shop": 3})

    assert (route.weight_of("shop"), route.weight_of("billing")) == (3, DEFAULT_WEIGHT)
