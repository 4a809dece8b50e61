"""A year of laptop days: values, not sleeps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybeatd.core.schedule import DAY, SPREAD, TOLERANCE, Moment, due

HOUR = 3600.0
START = 1_800_000_000.0
#: The loop's poll counts in milliseconds and waits for one more.
LEAST_WAIT = 0.001
EPSILON = 0.01
bounded = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@dataclass
class Built:
    real: float
    now: Moment
    #: How often a last date was disbelieved before it.
    corrections: int


@dataclass
class Laptop:
    """The clocks of one machine, and one stream on it as the daemon treats it."""

    phase: float
    real: float = 0.0
    offset: float = 0.0
    booted: float = 0.0
    boots: int = 0
    asleep: list[tuple[float, float]] = field(default_factory=list)
    built: list[Built] = field(default_factory=list)
    corrections: int = 0
    first: bool = True
    last: Moment = field(init=False)

    def __post_init__(self) -> None:
        self.last = self.now()

    def now(self) -> Moment:
        return Moment(START + self.real + self.offset, self.real - self.booted, f"boot {self.boots}")

    def look(self) -> float:
        """One turn of the daemon's loop; the seconds until it wants another."""
        now = self.now()
        verdict = due(now, self.last, self.phase, first=self.first)
        assert verdict.wait >= 0
        if verdict.corrected:
            self.corrections += 1
            self.last = now
        elif verdict.wait == 0:
            self.built.append(Built(self.real, now, self.corrections))
            self.last, self.first = now, False
        else:
            return verdict.wait
        return self.look()

    def awake(self, hours: float) -> None:
        """The daemon sleeps exactly as long as it was told, as its loop does."""
        end = self.real + hours * HOUR
        while True:
            wait = self.look()
            if self.real + wait > end:
                break
            self.real += max(wait, LEAST_WAIT)
        self.real = max(self.real, end)

    def sleep(self, hours: float) -> None:
        self.asleep.append((self.real, self.real + hours * HOUR))
        self.real += hours * HOUR

    def jump(self, hours: float) -> None:
        self.offset += hours * HOUR

    def reboot(self, hours: float) -> None:
        self.sleep(hours)
        self.booted, self.boots = self.real, self.boots + 1

    def restart(self, hours: float) -> None:
        """The daemon alone is gone for a while; what it remembers it reads again."""
        self.sleep(hours)
        self.last = replace(self.last)


hours = st.floats(0.01, 30)
calm = st.one_of(
    st.tuples(st.just("awake"), hours),
    st.tuples(st.sampled_from(["sleep", "restart", "reboot"]), st.one_of(st.floats(0.001, 20), st.floats(0.001, 240))),
)
minutes = st.floats(-TOLERANCE / HOUR, TOLERANCE / HOUR)
jumps = st.tuples(st.just("jump"), st.one_of(minutes, st.floats(-30, 30), st.floats(-1000, 1000)))
year = st.lists(st.one_of(calm, calm, jumps), min_size=20, max_size=300)


def lived(phase: float, days: list[tuple[str, float]]) -> Laptop:
    laptop = Laptop(phase)
    for what, length in days:
        getattr(laptop, what)(length)
        if what == "jump":
            laptop.look()
    laptop.awake(60)
    return laptop


@bounded
@given(st.floats(0, 1), year)
def test_no_24_hours_of_the_wall_clock_see_two(phase: float, days: list[tuple[str, float]]) -> None:
    """Except once after a last date that lay more than ten minutes ahead."""
    laptop = lived(phase, days)
    for before, after in pairwise(laptop.built):
        if before.corrections == after.corrections:
            assert after.now.wall - before.now.wall >= DAY - EPSILON


@bounded
@given(st.floats(0, 1), year)
def test_no_24_hours_of_one_boot_see_two_whatever_the_wall_clock_says(
    phase: float, days: list[tuple[str, float]]
) -> None:
    laptop = lived(phase, days)
    for before, after in pairwise(laptop.built):
        if before.now.boot == after.now.boot:
            assert after.now.up - before.now.up >= DAY - EPSILON


@bounded
@given(st.floats(0, 1), year)
def test_a_date_is_disbelieved_only_when_a_clock_went_back(phase: float, days: list[tuple[str, float]]) -> None:
    back = sum(1 for what, length in days if what == "jump" and length < 0)
    assert lived(phase, days).corrections <= back


@bounded
@given(st.floats(0, 1), st.lists(calm, min_size=20, max_size=300))
def test_with_sane_clocks_it_comes_when_due_or_at_the_next_waking(phase: float, days: list[tuple[str, float]]) -> None:
    laptop = lived(phase, days)
    assert laptop.corrections == 0
    last = 0.0
    for n, built in enumerate(laptop.built):
        wanted = last + DAY + (phase * SPREAD if n == 0 else 0.0)
        for asleep, woke in laptop.asleep:
            if asleep < wanted + EPSILON and wanted < woke:
                wanted = woke
        assert abs(built.real - wanted) <= EPSILON
        last = built.real
    assert laptop.real - last <= DAY + SPREAD


@bounded
@given(st.floats(0, 1), year)
def test_a_sane_day_brings_one_however_mad_the_clocks_were(phase: float, days: list[tuple[str, float]]) -> None:
    """Unless the last date lies ahead by less than is disbelieved: then by so much later."""
    laptop = lived(phase, days)
    began = laptop.real
    laptop.look()
    laptop.awake((DAY + SPREAD + TOLERANCE) / HOUR + 0.01)
    assert any(built.real >= began for built in laptop.built)
