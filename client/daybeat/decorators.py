"""Wraps functions so that each run has a context around it, keeping their kind: frameworks look at it. Loaded late."""

from __future__ import annotations

import sys
from functools import wraps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator
    from contextlib import AbstractContextManager
    from typing import Any, TypeVar

    Function = TypeVar("Function", bound=Callable[..., Any])

# Flags of code; asking `inspect` would cost its import.
_GENERATOR = 0x20
_COROUTINE = 0x80
_ITERABLE_COROUTINE = 0x100
_ASYNC_GENERATOR = 0x200


def around(context: Callable[[], AbstractContextManager[object, None]], function: Function) -> Function:
    """`function` with a new context around each run of its body: of a generator's, from its first step to its last."""
    flags = getattr(getattr(function, "__code__", None), "co_flags", 0)

    if flags & _COROUTINE:

        @wraps(function)
        async def coroutine(*arguments: Any, **named: Any) -> Any:
            with context():
                return await function(*arguments, **named)

        return coroutine  # type: ignore[return-value]  # of the same signature, which wraps can't say

    if flags & _GENERATOR and not flags & _ITERABLE_COROUTINE:

        @wraps(function)
        def generator(*arguments: Any, **named: Any) -> Generator[Any, Any, Any]:
            with context():
                return (yield from function(*arguments, **named))

        return generator  # type: ignore[return-value]  # likewise

    if flags & _ASYNC_GENERATOR:

        @wraps(function)
        async def async_generator(*arguments: Any, **named: Any) -> AsyncIterator[Any]:
            with context():
                inner = function(*arguments, **named)
                step = _begun(inner)
                while True:
                    try:
                        item = await step
                    except StopAsyncIteration:
                        return
                    try:
                        step = inner.asend((yield item))
                    except GeneratorExit:
                        await inner.aclose()
                        raise
                    except BaseException as error:  # noqa: BLE001 - the generator's own to handle
                        step = inner.athrow(error)

        return async_generator  # type: ignore[return-value]  # likewise

    @wraps(function)
    def plain(*arguments: Any, **named: Any) -> Any:
        with context():
            return function(*arguments, **named)

    return plain  # type: ignore[return-value]  # likewise


def _begun(generator: Any) -> Any:
    """Its first step. The event loop does not hear of it: at its end it would close it beside the one around it."""
    hooks = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(None, None)
    try:
        return generator.asend(None)
    finally:
        sys.set_asyncgen_hooks(*hooks)
