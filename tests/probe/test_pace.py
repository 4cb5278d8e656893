from maild.probe.pace import Pace


def test_a_few_start_at_once_and_the_others_one_after_the_other() -> None:
    pace = Pace(at_once=3, spacing_s=0.5)

    assert [pace.delay_s(100.0) for _ in range(5)] == [0, 0, 0, 0.5, 1.0]
    assert pace.delay_s(101.0) == 0.5
    assert [pace.delay_s(200.0) for _ in range(4)] == [0, 0, 0, 0.5]
