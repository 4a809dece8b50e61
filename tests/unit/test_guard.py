"""The client's one catch-all."""

from __future__ import annotations

import contextlib
import enum
import functools
import signal
from collections.abc import Callable
from typing import Any

import pytest

from daybeat.guard import guarded, name_of


class Deadline(Exception):
    pass


class Ringer:
    def __call__(self, *_: object) -> None:
        raise Deadline

    def ring(self, *_: object) -> None:
        raise Deadline


class Odd:
    """A handler that says nothing of itself."""

    def __getattr__(self, name: str) -> Any:
        raise KeyError(name)

    def __call__(self, *_: object) -> None:
        pass


class Mute(type):
    __name__ = property(lambda self: 1 / 0)  # type: ignore[assignment]


class Unspeakable(Exception, metaclass=Mute):
    def __getattribute__(self, name: str) -> Any:
        raise KeyError(name)


@pytest.fixture
def handle() -> Any:
    """Sets the handler of SIGUSR1, for the test alone."""
    before = signal.getsignal(signal.SIGUSR1)
    yield functools.partial(signal.signal, signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, before)


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


@pytest.mark.parametrize(
    "handler",
    [
        Ringer().ring,
        Ringer(),
        functools.partial(Ringer().ring, "more"),
        lambda *_: Ringer().ring(),
    ],
    ids=["method", "object", "partial", "function"],
)
def test_what_a_handler_of_the_hosts_raises_goes_through(handle: Any, handler: Callable[..., None]) -> None:
    handle(handler)
    with pytest.raises(Deadline):
        guarded(signal.raise_signal, signal.SIGUSR1, otherwise=lambda found: None)


def test_a_handler_that_says_nothing_of_itself_is_no_matter(handle: Any) -> None:
    handle(Odd())
    assert guarded(int, "x", otherwise=name_of) == "ValueError"


def test_a_host_whose_imports_fail_is_told_nothing(handle: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a host's tests have it, which look at what becomes of it without an optional dependency."""

    def refuse(name: str, *_: Any, **__: Any) -> None:
        raise ImportError(name)

    handle(Ringer().ring)
    monkeypatch.setattr("builtins.__import__", refuse)
    found = guarded(int, "x", otherwise=name_of)
    monkeypatch.undo()
    assert found == "ValueError"


def test_a_value_that_an_enum_does_not_have_is_no_matter_of_a_signals() -> None:
    """The default handlers are members of an enum themselves."""
    assert guarded(enum.Enum("Kind", ["known"]), "unknown", otherwise=name_of) == "ValueError"


def test_an_exception_that_says_nothing_of_itself_becomes_what_otherwise_makes_of_it() -> None:
    def fail() -> str:
        raise Unspeakable

    found = ""
    with contextlib.suppress(Exception):  # pytest itself can't show it
        found = guarded(fail, otherwise=name_of)
    assert found == "Unspeakable"
