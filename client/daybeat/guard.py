"""The client's one catch-all, and its one way to say something. Nothing of ours may reach the host unasked."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Result = TypeVar("Result")


def guarded(act: Callable[..., Result], *arguments: object, otherwise: Callable[[Exception], Result]) -> Result:
    """What `act` gives; where it fails, what `otherwise` makes of the exception. `otherwise` must not fail."""
    try:
        return act(*arguments)
    except Exception as error:  # the one place
        if is_of_a_signal(error):
            raise
        return otherwise(error)


def is_of_a_signal(error: Exception) -> bool:
    """Whether a signal handler of the host's raised it, such as a deadline's: that is no matter of ours."""
    signal: Any = sys.modules.get("signal")  # the host's; where it has not loaded it, it has no handler
    if signal is None or type(error) is RecursionError:  # and there is no room to look
        return False
    handlers = [signal.getsignal(number) for number in signal.valid_signals()]
    codes = [getattr(each, "__code__", None) or getattr(type(each).__call__, "__code__", None) for each in handlers]
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code in codes:
            return True
        traceback = traceback.tb_next
    return False


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
