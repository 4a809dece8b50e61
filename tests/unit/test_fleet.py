"""How many processes are there at once."""

from __future__ import annotations

from daybeatd.core.fleet import UNKNOWN, Fleet


class House:
    """A fleet to which processes come with connections that are numbered as they come."""

    def __init__(self) -> None:
        self.fleet = Fleet()
        self.numbers: list[tuple[int, int]] = []

    def come(self, *pids: int, group: str = "acme") -> None:
        for pid in pids:
            self.open(pid)
            self.fleet.heard(pid, group)

    def open(self, pid: int) -> int:
        self.numbers.append((len(self.numbers), pid))
        self.fleet.connected(len(self.numbers) - 1, pid)
        return len(self.numbers) - 1

    def go(self, *pids: int) -> None:
        for pid in pids:
            number = next(number for number, each in self.numbers if each == pid)
            self.numbers[number] = (number, -99)
            self.fleet.disconnected(number, pid)

    def peak(self, group: str = "acme") -> int:
        return self.fleet.settle().get(group, 0)


def test_who_is_there_together_is_counted_together() -> None:
    house = House()
    house.come(1, 2, 3)
    assert house.peak() == 3
    house.come(4)
    assert house.peak() == 4


def test_who_went_is_counted_no_more() -> None:
    house = House()
    house.come(1, 2, 3)
    house.peak()
    house.go(1, 2)
    house.peak()
    house.come(4)
    assert house.peak() == 2
    assert house.fleet.pids("acme") == [3, 4]


def test_who_came_one_after_the_other_was_never_there_together() -> None:
    house = House()
    for pid in range(1, 50):
        house.come(pid)
        house.go(pid)
    assert house.peak() == 1
    assert house.fleet.pids("acme") == []


def test_who_came_and_went_between_two_looks_is_counted_among_the_neighbours() -> None:
    house = House()
    house.come(1, 2)
    house.peak()
    house.come(3)
    house.go(3)
    assert house.peak() == 3
    house.fleet.heard(1, "acme")
    assert house.peak() == 2


def test_a_process_with_many_connections_is_one() -> None:
    house = House()
    house.come(1, 1, 1)
    assert house.peak() == 1
    house.go(1, 1)
    house.come(2)
    assert house.peak() == 2


def test_a_process_of_two_products_is_one_of_each_and_goes_from_both() -> None:
    house = House()
    house.come(1)
    house.fleet.heard(1, "idun")
    found = house.fleet.settle()
    assert found == {"acme": 1, "idun": 1}
    house.go(1)
    house.fleet.settle()
    for group in ("acme", "idun"):
        house.come(2, group=group)
        assert house.peak(group) == 1


def test_products_do_not_count_for_each_other() -> None:
    house = House()
    house.come(1, 2, group="acme")
    house.come(3, group="idun")
    assert house.fleet.settle() == {"acme": 2, "idun": 1}


def test_behind_pid_0_each_connection_is_a_process() -> None:
    house = House()
    house.come(0, 0, 0)
    assert house.peak() == 3
    house.go(0)
    house.peak()
    house.come(0)
    assert house.peak() == 3
    assert house.fleet.pids("acme") == []


def test_a_pid_that_is_used_again_is_another_process() -> None:
    house = House()
    house.come(1)
    house.peak()
    house.go(1)
    house.come(1)
    assert house.peak() == 1
    house.go(1)
    assert house.peak() == 0


def test_a_message_that_is_here_before_its_process_is_noted_counts_it() -> None:
    house = House()
    house.come(1)
    house.peak()
    house.fleet.heard(2, "acme")
    house.peak()
    house.open(2)
    assert house.peak() == 2


def test_connections_that_were_gone_before_they_could_be_asked_are_those_who_spoke() -> None:
    house = House()
    house.come(1)
    house.peak()
    house.open(UNKNOWN)
    house.fleet.disconnected(len(house.numbers) - 1, UNKNOWN)
    house.fleet.heard(2, "acme")
    assert house.peak() == 2
    house.fleet.heard(1, "acme")
    assert house.peak() == 1


def test_connections_that_said_nothing_are_not_counted() -> None:
    house = House()
    house.come(1)
    for pid in range(2, 30):
        house.open(pid)
    assert house.peak() == 1


def test_what_is_remembered_is_bounded_by_who_is_there() -> None:
    house = House()
    for pid in range(1, 3000):
        house.come(pid, group=f"p{pid % 7}")
        house.go(pid)
        if pid % 50 == 0:
            house.fleet.settle()
    house.fleet.settle()
    house.fleet.settle()
    held = [part for part in vars(house.fleet).values() if hasattr(part, "__len__")]
    assert sum(map(len, held)) < 40


def test_a_going_without_a_coming_makes_nobody_negative() -> None:
    house = House()
    house.fleet.disconnected(99, 1)
    house.fleet.settle()
    house.come(1)
    assert house.peak() == 1
