import platform

from maild.daemon.allocator import give_back, use_few_areas


def test_the_allocator_is_asked_where_it_can_be() -> None:
    is_glibc = platform.libc_ver()[0] == "glibc"

    assert (use_few_areas(), give_back()) == (is_glibc, is_glibc)
