"""A decorated function: what it was for its callers and for frameworks that ask, with one context around each run."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import types
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from daybeat.decorators import around

seen: list[str] = []


@contextlib.contextmanager
def context() -> Iterator[None]:
    seen.append("in")
    try:
        yield
    finally:
        seen.append("out")


@pytest.fixture(autouse=True)
def _fresh() -> None:
    seen.clear()


def function(value: int) -> int:
    seen.append("run")
    return value


async def coroutine(value: int) -> int:
    seen.append("run")
    return value


def generator(value: int) -> Any:
    try:
        value = yield value
        while True:
            value = yield value + 1
    except KeyError:
        yield "caught"
    finally:
        seen.append("run")
    return "returned"


async def async_generator(value: int) -> AsyncIterator[Any]:
    try:
        value = yield value
        while True:
            value = yield value + 1
    except KeyError:
        yield "caught"
    finally:
        await asyncio.sleep(0)
        seen.append("run")


@types.coroutine
def old_coroutine(value: int) -> Any:
    seen.append("run")
    yield
    return value


@pytest.mark.parametrize("made", [function, coroutine, generator, async_generator])
def test_a_function_stays_of_its_kind(made: Callable[..., Any]) -> None:
    found = around(context, made)
    for ask in (
        *(inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction),
        *(inspect.signature, lambda each: each.__name__, lambda each: each.__doc__),
    ):
        assert ask(found) == ask(made)


def test_functions_and_coroutines_run_inside() -> None:
    assert around(context, function)(5) == 5
    assert asyncio.run(around(context, coroutine)(5)) == 5
    assert seen == ["in", "run", "out"] * 2


def test_an_awaitable_of_the_old_kind_can_still_be_awaited() -> None:
    async def awaits() -> Any:
        return await around(context, old_coroutine)(5)

    assert asyncio.run(awaits()) == 5


def test_a_generator_runs_inside_from_its_first_step_to_its_last() -> None:
    made = around(context, generator)(5)
    assert seen == []
    assert (next(made), made.send(7), made.throw(KeyError())) == (5, 8, "caught")
    assert seen == ["in"]
    with pytest.raises(StopIteration) as ended:
        next(made)
    assert (ended.value.value, seen) == ("returned", ["in", "run", "out"])


def test_an_async_generator_runs_inside_from_its_first_step_to_its_last() -> None:
    async def steps() -> None:
        made = around(context, async_generator)(5)
        assert seen == []
        assert (await made.__anext__(), await made.asend(7), await made.athrow(KeyError())) == (5, 8, "caught")
        with pytest.raises(StopAsyncIteration):
            await made.__anext__()

    asyncio.run(steps())
    assert seen == ["in", "run", "out"]


def test_generators_that_are_closed_or_fail_end_inside() -> None:
    made = around(context, generator)(5)
    next(made)
    made.close()

    async def closed() -> None:
        made = around(context, async_generator)(5)
        await made.__anext__()
        await made.aclose()

    async def failed() -> None:
        made = around(context, async_generator)(5)
        await made.__anext__()
        with pytest.raises(ValueError, match="the host's"):
            await made.athrow(ValueError("the host's"))

    async def cancelled() -> None:
        async def reads() -> None:
            async for _ in around(context, async_generator)(5):
                await asyncio.sleep(60)

        task = asyncio.create_task(reads())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        for _ in range(10):  # the loop closes it in turns of its own
            await asyncio.sleep(0)

    left: list[Any] = []

    async def left_open() -> None:
        left.append(around(context, async_generator)(5))
        await left[0].__anext__()

    for each in (closed, failed, cancelled, left_open):
        asyncio.run(each())
    assert seen == ["in", "run", "out"] * 5


def test_a_fixture_of_a_hosts_suite_stays_one() -> None:
    """As `contextlib` and frameworks use generators: what the host raises reaches the generator's own handlers."""

    async def session() -> AsyncIterator[str]:
        try:
            yield "open"
        except ValueError:
            seen.append("rolled back")
            raise

    async def uses() -> None:
        async with contextlib.asynccontextmanager(around(context, session))() as found:
            assert found == "open"
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it has no message
        asyncio.run(uses())
    assert seen == ["in", "rolled back", "out"]
