"""The client's one catch-all."""

from __future__ import annotations

import pytest

from daybeat.guard import guarded


def test_what_succeeds_is_given_back() -> None:
    assert guarded(divmod, 7, 2, otherwise=lambda error: (0, 0)) == (3, 1)


@pytest.mark.parametrize("error", [ValueError("x"), OSError(), MemoryError(), RecursionError(), StopIteration()])
def test_what_fails_becomes_what_otherwise_makes_of_it(error: Exception) -> None:
    def fail() -> Exception:
        raise error

    assert guarded(fail, otherwise=lambda found: found) is error


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_is_the_hosts_own_goes_through(error: type[BaseException]) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(error):
        guarded(fail, otherwise=lambda found: None)
