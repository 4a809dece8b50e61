"""The client's one catch-all. Nothing of ours may reach the host, whatever goes wrong."""

from __future__ import annotations

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
