"""Admin requests: the control socket, its server in the daemon, and the one call that the tool makes.

A request and its answer are each one msgpack map after its length, four bytes, big-endian. The socket is the user's
alone; the other end's uid is checked all the same.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from msgpack import packb, unpackb

from daybeatd.directories import remove_stale_socket

MAX_REQUEST = 64 * 1024
MAX_ANSWER = 64 * 1024 * 1024
MAX_CALLERS = 32
#: Seconds that a caller may take to send a request or to read its answer.
PATIENCE = 10.0
#: Seconds after which the tool tries again where the daemon's queue of callers is full.
RETRY = 0.05

Answer = dict[str, Any]
Reply = Callable[[Answer], None]
Handler = Callable[[dict[str, Any], Reply], None]


class ControlError(Exception):
    """The daemon could not be asked, or answered what this version does not understand."""


class NoDaemonError(ControlError):
    """No daemon is running."""


def ask(path: str, request: dict[str, Any], timeout: float = 30.0) -> Answer:
    """The daemon's answer to `request`. Raises NoDaemonError, or ControlError when it did not answer in `timeout` s."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(timeout)
        try:
            _connect(caller, path, monotonic() + timeout)
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError) as error:
            raise NoDaemonError("no daemon is running; start it with: daybeatd") from error
        except BlockingIOError as error:
            raise ControlError(f"the daemon did not answer within {timeout:g} seconds") from error
        except OSError as error:
            raise ControlError(f"{path}: {error.strerror}") from error
        if _uid_behind(caller) != os.geteuid():
            raise ControlError(f"{path} belongs to another user")
        try:
            caller.sendall(_pack(request))
            size = struct.unpack(">I", _read(caller, 4))[0]
            if size > MAX_ANSWER:
                raise ControlError("the daemon's answer is too long")
            answer = unpackb(_read(caller, size), strict_map_key=False)
        except TimeoutError as error:
            raise ControlError(f"the daemon did not answer within {timeout:g} seconds") from error
        except (OSError, ValueError) as error:
            raise ControlError("the daemon ended the conversation") from error
    if not isinstance(answer, dict):
        raise ControlError("the daemon answered in a way that this version does not understand")
    return answer


def _connect(caller: socket.socket, path: str, deadline: float) -> None:
    """Connect, once the daemon has let in those who came before."""
    while True:
        try:
            caller.connect(path)
            return
        except BlockingIOError:  # Linux: its queue is full, which no timeout of a socket waits for
            if monotonic() >= deadline:
                raise
            sleep(RETRY)


def _read(caller: socket.socket, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        part = caller.recv(min(size - len(found), 1 << 20))
        if not part:
            raise ConnectionResetError
        found += part
    return bytes(found)


def _pack(message: dict[str, Any]) -> bytes:
    packed: bytes = packb(message)
    return struct.pack(">I", len(packed)) + packed


def _uid_behind(peer: socket.socket) -> int:
    if hasattr(socket, "SO_PEERCRED"):
        credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return int(struct.unpack("iII", credentials)[1])
    # macOS: struct xucred begins with its version and the uid.
    return int(struct.unpack("II", peer.getsockopt(0, 1, 76)[:8])[1])


class _Caller:
    def __init__(self, peer: socket.socket) -> None:
        self.peer = peer
        self.received = bytearray()
        self.to_send = b""
        self.asked = False
        self.until = monotonic() + PATIENCE

    def take(self) -> dict[str, Any] | None:
        """The request, once it is complete. Raises ValueError for what is none, ConnectionError when they left."""
        part = self.peer.recv(1 << 16)
        if not part:
            raise ConnectionResetError
        self.received += part
        if len(self.received) < 4:
            return None
        size = struct.unpack(">I", self.received[:4])[0]
        if size > MAX_REQUEST or len(self.received) > size + 4:
            raise ValueError("too long")
        if len(self.received) < size + 4:
            return None
        request = unpackb(bytes(self.received[4:]))
        if not isinstance(request, dict):
            raise ValueError("no map")
        self.asked = True
        return request

    @property
    def expires_at(self) -> float:
        """When, by `monotonic`, our patience ends; infinity while the caller waits for an answer of ours."""
        return float("inf") if self.asked and not self.to_send else self.until


class Control:
    """Serves requests at `path`; `handle(request, reply)` answers now or later, once."""

    def __init__(self, path: str, handle: Handler) -> None:
        self._handle = handle
        self._callers: dict[int, _Caller] = {}
        self._path = path
        self._listener = socket.socket(socket.AF_UNIX)
        remove_stale_socket(path)  # a dead daemon's: the lock is ours
        self._listener.bind(path)
        os.chmod(path, 0o600)
        self._listener.listen(MAX_CALLERS)
        self._listener.setblocking(False)

    def descriptors(self) -> dict[int, bool]:
        """What to poll: descriptor -> whether it waits to be written rather than read."""
        found = {descriptor: bool(caller.to_send) for descriptor, caller in self._callers.items()}
        if len(self._callers) < MAX_CALLERS:
            found[self._listener.fileno()] = False
        return found

    def serve(self, descriptor: int) -> None:
        """Something can be read from or written to `descriptor`."""
        if descriptor == self._listener.fileno():
            self._accept()
            return
        caller = self._callers.get(descriptor)
        if caller is None:
            return
        try:
            if caller.to_send:
                caller.to_send = caller.to_send[caller.peer.send(caller.to_send) :]
                if not caller.to_send:
                    self._drop(descriptor)
            elif (request := caller.take()) is not None:
                self._handle(request, lambda answer: self._answer(descriptor, caller, answer))
        except BlockingIOError:
            pass
        except (OSError, ValueError, TypeError, RecursionError):
            self._drop(descriptor)  # they left, or speak something else

    def _accept(self) -> None:
        try:
            peer, _ = self._listener.accept()
        except OSError:
            return
        peer.setblocking(False)
        if _uid_behind(peer) != os.geteuid():
            peer.close()
            return
        self._callers[peer.fileno()] = _Caller(peer)

    def _answer(self, descriptor: int, caller: _Caller, answer: Answer) -> None:
        if self._callers.get(descriptor) is caller:
            caller.to_send = _pack(answer)
            caller.until = monotonic() + PATIENCE

    def expire(self, now: float) -> None:
        """Let go of callers who neither ask nor read."""
        for descriptor, caller in list(self._callers.items()):
            if now > caller.expires_at:
                self._drop(descriptor)

    @property
    def expires_at(self) -> float:
        """When, by `monotonic`, `expire` is due; infinity when nobody keeps us waiting."""
        return min((caller.expires_at for caller in self._callers.values()), default=float("inf"))

    def _drop(self, descriptor: int) -> None:
        self._callers.pop(descriptor).peer.close()

    def close(self) -> None:
        """End all conversations, after one last try to hand over answers that are ready."""
        for descriptor, caller in list(self._callers.items()):
            if caller.to_send:
                self.serve(descriptor)
        for descriptor in list(self._callers):
            self._drop(descriptor)
        self._listener.close()
        if os.path.exists(self._path):
            os.unlink(self._path)
