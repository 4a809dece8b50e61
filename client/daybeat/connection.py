"""One connection to the daemon, on a socket that can't hurt the host: the client's only module with a socket.

A frame is handed to the kernel whole or not at all, without waiting, and only on a descriptor that is still ours.
"""

from __future__ import annotations

import _socket
import os
import sys
from time import CLOCK_MONOTONIC, clock_gettime

from . import zmtp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import partial
else:
    from _functools import partial  # importing functools would cost 1 ms

#: The monotonic clock, in seconds. Not `time.monotonic`: hosts' tests freeze it in every module that imported it.
monotonic = partial(clock_gettime, CLOCK_MONOTONIC)

# Linux; absent elsewhere. The socket's identity, so that a reused descriptor is never taken for ours.
_SO_COOKIE = 57
_SO_PEERCRED = getattr(_socket, "SO_PEERCRED", 0)
_LOCAL_PEERCRED = getattr(_socket, "LOCAL_PEERCRED", 1)
_SEND_FLAGS = getattr(_socket, "MSG_NOSIGNAL", 0) | getattr(_socket, "MSG_DONTWAIT", 0)
#: Our descriptor has this number or a higher one where the limit lets it: hosts give low ones a meaning, look at which
#: of them a child has, and expect two that they open to follow each other.
OUT_OF_THE_WAY = 200
#: Seconds of a processor in which a daemon that is not stuck has answered: 256 processes at once take it 0.1.
ENOUGH = 1.0
_SO_NOSIGPIPE = 0x1022  # macOS, which has no MSG_NOSIGNAL
# Linux: asks how many bytes of ours the kernel holds, its own overhead included: at most 4 KB for each send. It takes a
# frame of any size while they are fewer than SO_SNDBUF.
_SIOCOUTQ = 0x5411
_OVERHEAD = 4 * 1024


class _Socket(_socket.socket):
    """A socket that says nothing when it is dropped unclosed: the host may treat warnings as errors."""

    # Does nothing, and in C: no signal handler can raise in it.
    __del__ = _socket.socket.fileno


class Connection:
    """One connection to the daemon. Every method may raise OSError; ZmtpError says that no daemon of ours is there."""

    def __init__(self, directory: str, path: str) -> None:
        uid = os.geteuid()
        if os.stat(directory).st_uid != uid:
            raise PermissionError("the runtime directory belongs to another user")
        self._socket = _out_of_the_way(_Socket(_socket.AF_UNIX, _socket.SOCK_STREAM))
        self.ready = False
        self._answer = b""
        # What the kernel still has to take before anything new: READY, or the rest of a frame taken in part.
        self._rest = b""
        self._undo: Callable[[], None] | None = None
        # What the daemon had of a processor when that was first asked.
        self._peer_ticks = -1
        try:
            self._open(path, uid)
        except BaseException:  # a signal handler's, too, must leave no descriptor behind
            self._socket.close()
            raise

    def _open(self, path: str, uid: int) -> None:
        self._socket.setblocking(False)
        if sys.platform == "darwin":
            self._socket.setsockopt(_socket.SOL_SOCKET, _SO_NOSIGPIPE, 1)
        self._identify = _identifier(self._socket)
        self._identity = self._identify()
        self._socket.connect(path)
        self._peer_pid, peer_uid = _peer(self._socket)
        if peer_uid != uid:
            raise PermissionError("the daemon's socket belongs to another user")
        self._socket.send(zmtp.GREETING, _SEND_FLAGS)

    def is_ours(self) -> bool:
        """False when the host has closed our descriptor, or closed it and got another under the same number."""
        try:
            return self._identify() == self._identity
        except OSError:
            return False

    def shake_hands(self, deadline: float) -> bool:
        """Read the daemon's side of the handshake; whether it is complete. Waits until `deadline` at most."""
        while not self.ready:
            if not self.is_ours():
                raise OSError("the descriptor is no longer ours")
            left = deadline - monotonic()
            self._socket.settimeout(max(left, 0.0))
            try:
                answer = self._socket.recv(64)
            except (TimeoutError, BlockingIOError):
                return False
            finally:
                self._socket.settimeout(0.0)
            if not answer:
                raise OSError("the daemon closed the connection")
            self._answer += answer
            if zmtp.handshake_complete(self._answer):
                self.ready = True
                self._rest = zmtp.READY
        return True

    def send(self, messages: bytes, undo: Callable[[], None]) -> None:
        """Hand `messages` to the kernel. `undo` is called, now or at `close`, if they can't be handed over whole.

        Raises BlockingIOError when the kernel's buffer is full.
        """
        data = self._rest + messages if self._rest else messages
        size = len(data)
        sent: list[int] = []
        try:
            if self._identify() != self._identity:
                raise OSError("the descriptor is no longer ours")
            # One call in C: an exception from a signal handler can't fall between the kernel's answer and our note.
            sent.extend(map(self._socket.send, (data,), (_SEND_FLAGS,)))
        finally:
            if sent and sent[0] == size:  # no call: a signal handler could raise in it
                self._rest = b""
                self._undo = None
            else:
                self._keep(data, sent[0] if sent else 0, undo)

    def _keep(self, data: bytes, taken: int, undo: Callable[[], None]) -> None:
        """Note what of `data`, the old rest and new messages, the kernel has not taken."""
        if taken <= len(self._rest):
            self._rest = self._rest[taken:]
            undo()
            if not self._rest:
                self._undo = None
        else:
            self._rest = data[taken:]
            self._undo = undo

    def has_room(self, size: int) -> bool:
        """Whether the kernel takes `size` bytes and then one more frame all the same. True where it can't be told."""
        if sys.platform != "linux":
            return True
        from fcntl import ioctl

        held = int.from_bytes(ioctl(self._socket.fileno(), _SIOCOUTQ, b"\0\0\0\0"), sys.byteorder)
        return held + size + _OVERHEAD <= self._socket.getsockopt(_socket.SOL_SOCKET, _socket.SO_SNDBUF)

    @property
    def behind(self) -> bool:
        """Whether the kernel has taken a part of a frame and not yet its rest."""
        return self._undo is not None

    def finish(self) -> None:
        """Try to hand over the rest of a frame. Raises as `send` does."""
        if self.behind:
            self.send(b"", _nothing)

    def peer_is_starved(self) -> bool:
        """Whether the daemon wants a processor, and has had little of one since this was first asked.

        False for a daemon that is stopped or asleep, and where it can't be told.
        """
        try:
            threads = [
                _state_and_ticks(f"/proc/{self._peer_pid}/task/{thread}/stat")
                for thread in os.listdir(f"/proc/{self._peer_pid}/task")
            ]
        except OSError:
            return False
        ticks = sum(each for _, each in threads)
        if self._peer_ticks < 0:
            self._peer_ticks = ticks
        had = (ticks - self._peer_ticks) / os.sysconf("SC_CLK_TCK")
        return had < ENOUGH and any(state in (b"R", b"D") for state, _ in threads)

    def wait_until_writable(self, timeout: float) -> None:
        from select import POLLOUT, poll

        poller = poll()
        poller.register(self._socket.fileno(), POLLOUT)
        poller.poll(timeout * 1000)

    def close(self) -> None:
        """Close the descriptor if it is still ours, and put back what could not be handed over whole."""
        if self.is_ours():
            self._socket.close()
        else:
            self._socket.detach()
        if self._undo is not None:
            self._undo()
            self._undo = None


def _identifier(sock: _Socket) -> Callable[[], object]:
    """Tells the identity of what is behind the descriptor now. In C where possible: it is asked before every frame."""
    if sys.platform == "linux":
        return partial(sock.getsockopt, _socket.SOL_SOCKET, _SO_COOKIE, 8)

    def identity() -> tuple[int, int]:
        found = os.fstat(sock.fileno())
        return found.st_dev, found.st_ino

    return identity


def _state_and_ticks(path: str) -> tuple[bytes, int]:
    """A thread's state (R runs or could, D waits for a disk, S sleeps, T is stopped), and the processor time it had."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fields = os.read(descriptor, 512).rpartition(b") ")[2].split()
    finally:
        os.close(descriptor)
    return fields[0], int(fields[11]) + int(fields[12])


def _nothing() -> None:
    pass


def _out_of_the_way(sock: _Socket) -> _Socket:
    """The same under a high number; and never under 0 to 2, into which the host's other parts print."""
    from fcntl import F_DUPFD_CLOEXEC, fcntl

    try:
        moved = fcntl(sock.fileno(), F_DUPFD_CLOEXEC, OUT_OF_THE_WAY)
    except OSError:  # beyond the limit, or all are taken
        if sock.fileno() > 2:
            return sock
        try:
            moved = fcntl(sock.fileno(), F_DUPFD_CLOEXEC, 3)
        except OSError:
            sock.close()
            raise
    sock.close()
    return _Socket(_socket.AF_UNIX, _socket.SOCK_STREAM, 0, moved)


def _peer(sock: _Socket) -> tuple[int, int]:
    """The pid (0: not told) and the uid of the process that listens at the other end."""
    if sys.platform == "linux":
        credentials = sock.getsockopt(_socket.SOL_SOCKET, _SO_PEERCRED, 12)
        pid = int.from_bytes(credentials[:4], sys.byteorder)
    else:
        credentials = sock.getsockopt(0, _LOCAL_PEERCRED, 76)
        pid = 0
    return pid, int.from_bytes(credentials[4:8], sys.byteorder)
