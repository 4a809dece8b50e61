"""The client's one catch-all, and its one way to log: no exception and no message of ours reaches the host unasked."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import partial
    from types import CodeType, FunctionType, MethodType
    from typing import Any, TypeVar

    Result = TypeVar("Result")
else:
    # Not when an error is at hand: a host's tests replace `__import__`.
    from _functools import partial  # importing functools would cost 1 ms

    FunctionType, MethodType = type(lambda: None), type((lambda: None).__get__(0))


def guarded(act: Callable[..., Result], *arguments: object, otherwise: Callable[[Exception], Result]) -> Result:
    """The result of `act`, or of `otherwise(exception)` where it raises; `otherwise` must not raise.

    What a signal handler of the host's raised goes on to the host.
    """
    try:
        return act(*arguments)
    except Exception as error:  # the one place
        if is_of_a_signal(error):
            raise
        return otherwise(error)


def is_of_a_signal(error: Exception) -> bool:
    """Whether a signal handler of the host's raised it, such as a deadline's: the host expects it."""
    signal: Any = sys.modules.get("signal")  # the host's; where it has not loaded it, it has no handler
    if signal is None or type(error) is RecursionError:  # and there is no room to look
        return False
    codes = [_code(signal.getsignal(number)) for number in signal.valid_signals()]
    traceback = sys.exc_info()[2]  # not by an attribute: that may be a property of the host's
    while traceback is not None:
        if traceback.tb_frame.f_code in codes:
            return True
        traceback = traceback.tb_next
    return False


def _code(handler: Any) -> CodeType | None:
    """The code that a call of `handler` runs first; None where it is not Python's. Runs nothing of the host's."""
    kind = type(handler)
    if kind is FunctionType:
        return handler.__code__  # type: ignore[no-any-return]  # the kind of an Any tells mypy nothing
    if kind is MethodType:
        return _code(handler.__func__)
    if kind is partial:
        return _code(handler.func)
    called = next((vars(each)["__call__"] for each in kind.__mro__ if "__call__" in vars(each)), None)
    return called.__code__ if type(called) is FunctionType else None


def name_of(error: Exception) -> str:
    """The name of its type, which no metaclass of the host's can replace."""
    name: str = vars(type)["__name__"].__get__(type(error))
    return name


def debug(message: str, *arguments: object) -> None:
    """Log at DEBUG under `daybeat`, in a host that has loaded `logging` by itself: 20 ms that others do not pay."""
    if "logging" in sys.modules:
        guarded(_log, message, arguments, otherwise=_nothing)


def _log(message: str, arguments: tuple[object, ...]) -> None:
    import logging

    logger = logging.getLogger("daybeat")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.debug(message, *arguments)


def _nothing(_: Exception) -> None:
    pass
