"""The client's one catch-all, and its one way to say something. Nothing of ours may reach the host unasked."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Result = TypeVar("Result")


def guarded(act: Callable[..., Result], *arguments: object, otherwise: Callable[[Exception], Result]) -> Result:
    """What `act` gives; where it fails, what `otherwise` makes of the exception. `otherwise` must not fail."""
    try:
        return act(*arguments)
    except Exception as error:  # noqa: BLE001 - this is the one place
        return otherwise(error)


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
