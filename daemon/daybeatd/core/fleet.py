"""Which processes are there at once. Pure: told of connections and of the nonces that frames name.

A nonce is one process. A connection has the pid of its process, which ties the two, except where pids mean nothing:
a process in a container of its own shows as pid 0, as all its neighbours do.
"""

from __future__ import annotations


class Fleet:
    """The processes connected now, by the nonces in their frames."""

    def __init__(self) -> None:
        self._connections: dict[int, int] = {}
        self._nonces: dict[int, dict[bytes, str]] = {}
        self._live: dict[str, set[bytes]] = {}

    def connected(self, pid: int) -> None:
        self._connections[pid] = self._connections.get(pid, 0) + 1

    def disconnected(self, pid: int) -> None:
        left = self._connections.get(pid, 0) - 1
        if left > 0:
            self._connections[pid] = left
        else:
            self._connections.pop(pid, None)
        nonces = self._nonces.get(pid, {})
        # Of a real pid all nonces went with its last connection; of those behind pid 0, one each time.
        while nonces and len(nonces) > (max(left, 0) if pid == 0 else len(nonces) if left > 0 else 0):
            nonce = next(iter(nonces))
            self._live[nonces.pop(nonce)].discard(nonce)
        if not nonces:
            self._nonces.pop(pid, None)

    def seen(self, nonce: bytes, pid: int, group: str) -> int:
        """A frame of `nonce` came for `group`. How many processes of the group are there now, this one included."""
        live = self._live.setdefault(group, set())
        if nonce not in live:
            if pid not in self._connections:
                return len(live) + 1  # it said its word and is gone already
            live.add(nonce)
            self._nonces.setdefault(pid, {})[nonce] = group
        return len(live)

    def pids(self, group: str) -> list[int]:
        """The pids of a group's live processes, as far as pids mean something here."""
        return sorted(pid for pid, nonces in self._nonces.items() if pid and group in nonces.values())
