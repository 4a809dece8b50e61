"""Processes of a heartbeat that waited go into the next one: none is counted twice, whatever is still known of them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from daybeatd.core.window import Window

bounded = settings(deadline=None, max_examples=200)
#: When processes began and ended, in twelfths of a window; three windows follow one another.
WINDOW = 12
lives = st.lists(
    st.tuples(st.integers(0, 3 * WINDOW - 1), st.integers(1, 3 * WINDOW)).map(lambda life: (life[0], sum(life))),
    min_size=1,
    max_size=30,
)
Lives = list[tuple[int, int]]


def of(lives: Lives, nth: int) -> Window:
    """The window in which each process that lived then has reported."""
    begin, end = nth * WINDOW, (nth + 1) * WINDOW
    window = Window(f"beat {nth}", float(begin))
    for pid, (born, died) in enumerate(lives):
        if born < end and died > begin:
            window.note_process(pid.to_bytes(8, "big"))
    for moment in range(begin, end):
        window.note_peak(sum(born <= moment < died for born, died in lives))
    return window


def forgetful(window: Window) -> Window:
    """As another daemon finds it in the outbox."""
    return Window.from_map(window.to_map())


@bounded
@given(lives)
def test_with_every_nonce_known_the_number_is_exact(lives: Lives) -> None:
    running = of(lives, 2)
    for waiting in (of(lives, 0), of(lives, 1)):
        running.merge(waiting)
    assert running.processes == sum(born < 3 * WINDOW for born, _ in lives)


@bounded
@given(lives)
def test_after_a_restart_it_is_never_too_high_and_too_low_by_a_peak_at_most(lives: Lives) -> None:
    waiting, running = of(lives, 0), of(lives, 1)
    true = sum(born < 2 * WINDOW for born, _ in lives)
    least = max(waiting.processes, running.processes, true - min(waiting.peak, running.peak))
    running.merge(forgetful(waiting))
    assert least <= running.processes <= true


@bounded
@given(st.integers(1, 500), st.integers(0, 500))
def test_workers_that_stay_are_counted_once_and_commands_that_go_each(workers: int, commands: int) -> None:
    """The commonest machine, and there the rule is exact."""
    staying = [(0, 3 * WINDOW)] * workers
    waiting, running = of(staying, 0), of(staying, 1)
    for window in (waiting, running):
        for n in range(commands):
            window.note_process(f"{window.beat_id} {n}".encode())
    running.merge(forgetful(waiting))
    assert running.processes == workers + 2 * commands


@bounded
@given(lives, st.booleans(), st.booleans())
def test_nonces_never_outnumber_processes(lives: Lives, first: bool, second: bool) -> None:
    running = of(lives, 2)
    for waiting, forgotten in ((of(lives, 0), first), (of(lives, 1), second)):
        running.merge(forgetful(waiting) if forgotten else waiting)
        assert len(running.members) <= running.processes
