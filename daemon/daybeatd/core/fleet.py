"""How many processes of a product are there at once. Pure: told of connections, and of whose messages came.

A process is known by the pid of its connection. Where pids mean nothing, in containers of their own, all show as pid
0, and each connection counts as one process. Comings and goings are noted in their order and replayed when the messages
that came with them are known: a process that came, spoke and went between two looks is counted among its neighbours.
"""

from __future__ import annotations

#: The pid of a connection that was gone before it could be asked for.
UNKNOWN = -1


def by_environment(product: str) -> str:
    """The group of those processes of a product that their environment switched on.

    No product has a space in its name.
    """
    return f"{product} by environment"


class Fleet:
    """Groups are products, and of each those processes that their environment switched on."""

    def __init__(self) -> None:
        self._connections: dict[int, int] = {}
        self._groups: dict[int, set[str]] = {}
        self._live: dict[str, int] = {}
        # In order: a connection's number, its pid, and +1 for its coming or -1 for its going.
        self._events: list[tuple[int, int, int]] = []
        self._heard: dict[tuple[int, str], None] = {}
        self._early: set[tuple[int, str]] = set()

    def connected(self, number: int, pid: int) -> None:
        """The connection `number`, of its own for ever, came from `pid`."""
        self._events.append((number, pid, 1))

    def disconnected(self, number: int, pid: int) -> None:
        self._events.append((number, pid, -1))

    def heard(self, pid: int, group: str) -> None:
        """A message of `group` came from `pid`."""
        self._heard[pid, group] = None

    def settle(self) -> dict[str, int]:
        """Replay what was noted: the most processes that were there at once, for each group that was heard."""
        events = self._name_unknown()
        for pid, group in self._heard:
            if group not in self._groups.setdefault(pid, set()):
                self._groups[pid].add(group)
                self._add(group, self._processes(pid))
        peaks = {group: self._live.get(group, 0) for _, group in self._heard}
        for pid, change in events:
            before = self._processes(pid)
            self._connections[pid] = max(0, self._connections.get(pid, 0) + change)
            for group in self._groups.get(pid, ()):
                self._add(group, self._processes(pid) - before)
                if group in peaks:
                    peaks[group] = max(peaks[group], self._live[group])
        noted = {pid for pid, _ in events} | set(self._connections)
        # A message can be here before the coming of its process is noted: it is heard once more with the next notes.
        early = {heard for heard in self._heard if heard[0] not in noted and heard not in self._early}
        self._forget_gone(noted | {pid for pid, _ in self._heard})
        self._events.clear()
        self._heard = dict.fromkeys(sorted(early))
        self._early = early
        return {group: max(1, peak) for group, peak in peaks.items()}

    def _name_unknown(self) -> list[tuple[int, int]]:
        """The events as (pid, change). Connections gone too soon were those of pids that spoke and have none else."""
        known = {pid for _, pid, _ in self._events} | set(self._connections)
        nameless = iter([pid for pid in dict.fromkeys(pid for pid, _ in self._heard) if pid not in known])
        names: dict[int, int] = {}
        named = []
        for number, pid, change in self._events:
            if pid == UNKNOWN:
                if number not in names and (found := next(nameless, None)) is not None:
                    names[number] = found
                pid = names.get(number, UNKNOWN)
            if pid != UNKNOWN:
                named.append((pid, change))
        return named

    def _processes(self, pid: int) -> int:
        """How many processes stand behind the connections of `pid` now."""
        connections = self._connections.get(pid, 0)
        return connections if pid == 0 else min(connections, 1)

    def _add(self, group: str, processes: int) -> None:
        self._live[group] = self._live.get(group, 0) + processes

    def _forget_gone(self, pids: set[int]) -> None:
        for pid in pids:
            if not self._connections.get(pid):
                self._connections.pop(pid, None)
                self._groups.pop(pid, None)

    def pids(self, group: str) -> list[int]:
        """The pids of a group's live processes, as far as pids mean something here."""
        return sorted(pid for pid, groups in self._groups.items() if pid and group in groups)
