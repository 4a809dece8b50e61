"""What a heartbeat keeps when there is more than it may hold: the most counted, and of the rest how much it was."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from daybeat.policy import policy
from daybeat.privacy import MAX_HEARTBEAT, MAX_KEYS, Rules
from daybeat.wire import MAX_COUNT
from daybeatd.core.heartbeat import Heartbeat, fit
from daybeatd.core.window import COUNTER, DROPPED, ERROR, OTHER, Window
from daybeatd.sinks.https_json import render
from support.beats import heartbeat

#: The longest names: six segments of 64 characters.
LONG = ".".join(["x" * 64] * 5)
RULES = Rules(policy("acme", declare=["feature.*", *(f"cli.n{i}" for i in range(500))]), b"salt")


class Fed:
    """A window, and how many events it was fed."""

    def __init__(self) -> None:
        self.window = Window("beat", 0.0)
        self.events = 0

    def count(self, name: str, n: int = 1) -> None:
        self.window.count(COUNTER, name, n, RULES)
        self.events += n

    def error(self, name: str, n: int = 1) -> None:
        self.window.count(ERROR, name, n)
        self.events += n

    def observe(self, name: str, *values: float) -> None:
        self.window.observe(name, "ms", list(values), RULES)
        self.events += len(values)


def size(beat: Heartbeat) -> int:
    return len(render(beat))


def whole(window: Window) -> Heartbeat:
    numbers = window.numbers
    return heartbeat(
        counters=numbers[COUNTER],
        errors=numbers[ERROR],
        distributions=window.distributions,
        dropped=numbers[DROPPED],
    )


def weights(beat: Heartbeat) -> dict[tuple[str, str], int]:
    """How often each name was counted, of every kind."""
    return {
        **{("counter", name): n for name, n in beat.counters.items()},
        **{("error", name): n for name, n in beat.errors.items()},
        **{("distribution", name): found.count for name, found in beat.distributions.items()},
    }


def one_of_each_up_to_the_bound(fed: Fed) -> None:
    for n in range(MAX_KEYS):
        (fed.count, fed.error, fed.observe)[n % 3](f"feature.n{n}", 1)


def as_many_again_that_are_declared_in_full(fed: Fed) -> None:
    for n in range(MAX_KEYS):
        fed.count(f"feature.n{n}", 1 + n % 7)
    for n in range(500):
        fed.count(f"cli.n{n}", 1 + n % 5)


def all_counted_alike(fed: Fed) -> None:
    for n in range(MAX_KEYS):
        fed.count(f"feature.{'y' * 30}{n}", 3)


def the_longest_names(fed: Fed) -> None:
    for n in range(MAX_KEYS):
        fed.count(f"{LONG}.{n:03}", n + 1)


def the_longest_tags(fed: Fed) -> None:
    tags = ",".join(f"key{tag}={chr(97 + tag) * 64}" for tag in range(8))
    for n in range(MAX_KEYS):
        fed.observe(f"{LONG}.d{{{tags},n={n}}}", *[1.5] * n, 2.5)


def numbers_of_many_digits(fed: Fed) -> None:
    for n in range(200):
        fed.observe(f"latency.n{n}", *[-1.234567890123e15 / 3, 9.87654321e-12 / 7] * (1 + n % 4))
        fed.count(f"feature.n{n}", MAX_COUNT // 1000 - n)


def many_beyond_the_bound(fed: Fed) -> None:
    """The rest of all three kinds has fewer events than any name."""
    for n in range(MAX_KEYS):
        fed.count(f"feature.n{n}", 1000 + n)
    for n in range(7):
        fed.count(f"feature.late{n}", 2)
        fed.error(f"Late{n}", 3)
        fed.observe(f"latency.late{n}", 1.0, 2.0)


def next_to_nothing(fed: Fed) -> None:
    fed.count("feature.search", 1)


def by_chance(seed: int) -> Callable[[Fed], None]:
    def feed(fed: Fed) -> None:
        chance = random.Random(seed)
        for _ in range(chance.randrange(3000)):
            name = f"feature.{'z' * chance.randrange(1, 50)}{chance.randrange(900)}"
            n = min(int(chance.paretovariate(0.3)), 10**9)
            chance.choice((fed.count, fed.error, fed.observe, lambda name, n: fed.count(f"cli.n{n % 500}", n)))(name, n)

    return feed


ADVERSARIAL = (
    *(one_of_each_up_to_the_bound, as_many_again_that_are_declared_in_full, all_counted_alike, the_longest_names),
    *(the_longest_tags, numbers_of_many_digits, many_beyond_the_bound, next_to_nothing),
)


def feeds() -> Iterator[object]:
    for feed in ADVERSARIAL:
        yield pytest.param(feed, id=feed.__name__)
    for seed in range(20):
        yield pytest.param(by_chance(seed), id=f"chance {seed}")


@pytest.fixture(params=feeds())
def fed(request: pytest.FixtureRequest) -> Fed:
    made = Fed()
    request.param(made)
    return made


@pytest.mark.parametrize("limit", [MAX_HEARTBEAT, 4000])
def test_it_fits_and_every_event_is_in_it_once(fed: Fed, limit: int) -> None:
    """Under its name or in the overflow; what is under `__other__` was counted as overflow when it came."""
    cut = fit(whole(fed.window), size, limit)
    kept = weights(cut)
    assert size(cut) <= limit
    assert len(kept) <= MAX_KEYS
    assert sum(n for (_, name), n in kept.items() if name != OTHER) + cut.dropped["overflow"] == fed.events


@pytest.mark.parametrize("limit", [MAX_HEARTBEAT, 4000])
def test_what_goes_is_what_was_counted_least(fed: Fed, limit: int) -> None:
    held = whole(fed.window)
    kept, before = weights(fit(held, size, limit)), weights(held)
    gone = {key: n for key, n in before.items() if key not in kept}
    assert kept == {key: before[key] for key in kept}
    assert not kept or not gone or min(kept.values()) >= max(gone.values())


def test_nothing_goes_that_has_its_place(fed: Fed) -> None:
    """One more name, the most counted of those that went, would be too many or too much."""
    held = whole(fed.window)
    cut = fit(held, size, MAX_HEARTBEAT)
    gone = weights(held).keys() - weights(cut).keys()
    if not gone:
        assert cut is held
        return
    longest = max(len(name) for _, name in gone)
    assert len(weights(cut)) == MAX_KEYS or size(cut) + longest + 250 > MAX_HEARTBEAT


def test_a_window_is_not_changed_by_what_its_heartbeat_leaves_out(fed: Fed) -> None:
    held = whole(fed.window)
    before = weights(held), dict(held.dropped)
    fit(held, size, 3000)
    assert (weights(held), dict(held.dropped)) == before


def test_what_was_cut_is_bounded_like_every_count() -> None:
    fed = Fed()
    for n in range(4):
        fed.count(f"feature.n{n}", MAX_COUNT)
    assert fit(whole(fed.window), size, 1).dropped["overflow"] == MAX_COUNT
