"""Hands a process's numbers to the daemon: the client's only room with a socket, a thread, fork and exit hooks.

The rules that the host's safety rests on:

- Never wait for a lock. An event is noted first; then whoever gets the lock without waiting hands everything over.
  So threads, signal handlers and finalizers can interrupt each other anywhere.
- Write through when calm, gather in a burst. In a burst a thread waits 30 ms, hands over, and ends when an interval
  brought nothing: no thread is alive while nothing is pending.
- A frame is sent whole or not at all, and only on a descriptor that is still ours.
"""

from __future__ import annotations

import _socket
import _thread
import os
import sys
from time import monotonic
from time import sleep as _sleep

from . import wire, zmtp
from .book import Book, Counter
from .guard import guarded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Callable
    from typing import Any
else:
    from _collections import deque  # importing collections would cost 2 ms

#: Seconds. An event that comes later than this after the last frame is written through.
CALM = 0.020
#: Seconds that the tail of a burst waits.
GATHER = 0.030
#: Seconds for which a daemon that is absent or does not answer is left alone.
REST = 2.0
#: Seconds that the first event may wait for the handshake. About 0.1 ms is usual.
HANDSHAKE = 0.005
#: Seconds that an exit may wait for a daemon that does not take what is pending.
EXIT = 0.045
#: Seconds that an exit may wait for a daemon that is ready to run and waits for its turn on a busy machine.
BUSY_EXIT = 2.0
#: Seconds for which a tail goes on looking for a daemon that went away.
VIGIL = 60.0
#: Events waiting in the queue at which the counting thread hands over by itself.
FULL = 4096
#: Policies that one process may have at one socket.
MAX_BOOKS = 64

# Linux; absent elsewhere. The socket's identity, so that a reused descriptor is never taken for ours.
_SO_COOKIE = 57
_SO_PEERCRED = getattr(_socket, "SO_PEERCRED", 0)
_LOCAL_PEERCRED = getattr(_socket, "LOCAL_PEERCRED", 1)
_SEND_FLAGS = getattr(_socket, "MSG_NOSIGNAL", 0) | getattr(_socket, "MSG_DONTWAIT", 0)
_SO_NOSIGPIPE = 0x1022  # macOS, which has no MSG_NOSIGNAL


class _Socket(_socket.socket):
    """A socket that says nothing when it is dropped unclosed: the host may treat warnings as errors."""

    def __del__(self) -> None:
        pass


class Connection:
    """One connection to the daemon. Every method may raise OSError; ZmtpError says that no daemon of ours is there."""

    def __init__(self, directory: str, path: str) -> None:
        uid = os.geteuid()
        if os.stat(directory).st_uid != uid:
            raise PermissionError("the runtime directory belongs to another user")
        self._socket = _above_standard(_Socket(_socket.AF_UNIX, _socket.SOCK_STREAM))
        self._identity = b""
        self.ready = False
        self._answer = b""
        # What the kernel still has to take before anything new: READY, or the rest of a frame taken in part.
        self._rest = b""
        self._undo: Callable[[], None] | None = None
        try:
            self._open(path, uid)
        except BaseException:
            self._socket.close()
            raise

    def _open(self, path: str, uid: int) -> None:
        self._socket.setblocking(False)
        if sys.platform == "darwin":
            self._socket.setsockopt(_socket.SOL_SOCKET, _SO_NOSIGPIPE, 1)
        self._identity = self._identify()
        self._socket.connect(path)
        self._peer_pid, peer_uid = _peer(self._socket)
        if peer_uid != uid:
            raise PermissionError("the daemon's socket belongs to another user")
        self._socket.send(zmtp.GREETING, _SEND_FLAGS)

    def _identify(self) -> bytes:
        if sys.platform == "linux":
            return self._socket.getsockopt(_socket.SOL_SOCKET, _SO_COOKIE, 8)
        found = os.fstat(self._socket.fileno())
        return b"%d.%d" % (found.st_dev, found.st_ino)

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

    def send(self, frames: list[bytes], undo: Callable[[], None]) -> None:
        """Hand `frames` to the kernel. `undo` is called, now or at `close`, if they can't be handed over whole.

        Raises BlockingIOError when the kernel's buffer is full.
        """
        begun = len(self._rest)
        data = self._rest + b"".join(map(zmtp.message, frames))
        sent: list[int] = []
        try:
            if not self.is_ours():
                raise OSError("the descriptor is no longer ours")
            # One call in C: an exception from a signal handler can't fall between the kernel's answer and our note.
            sent.extend(map(self._socket.send, (data,), (_SEND_FLAGS,)))
        finally:
            taken = sent[0] if sent else 0
            if taken <= begun:
                self._rest = self._rest[taken:]
                undo()
            else:
                self._rest = data[taken:]
                self._undo = undo
            if not self._rest:
                self._undo = None

    @property
    def behind(self) -> bool:
        """Whether the kernel has taken a part of a frame and not yet its rest."""
        return self._undo is not None

    def finish(self) -> None:
        """Try to hand over the rest of a frame. Raises as `send` does."""
        if self.behind:
            self.send([], _nothing)

    def peer_is_busy(self) -> bool:
        """Whether the daemon is neither stopped nor asleep, but waits for a processor. False where it can't be told."""
        try:
            return any(
                _state_of(f"/proc/{self._peer_pid}/task/{thread}/stat") in (b"R", b"D")
                for thread in os.listdir(f"/proc/{self._peer_pid}/task")
            )
        except OSError:
            return False

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


def _state_of(path: str) -> bytes:
    """The letter of a thread's state: R runs or could, D waits for a disk, S sleeps, T is stopped."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 512).rpartition(b") ")[2][:1]
    finally:
        os.close(descriptor)


def _nothing() -> None:
    pass


def _above_standard(sock: _Socket) -> _Socket:
    """Never one of the descriptors 0 to 2, into which the host's other parts print."""
    if sock.fileno() > 2:
        return sock
    from fcntl import F_DUPFD_CLOEXEC, fcntl

    try:
        moved = fcntl(sock.fileno(), F_DUPFD_CLOEXEC, 3)
    finally:
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


class Sender:
    """The one way from this process to the daemon behind one socket."""

    def __init__(self, directory: str, path: str) -> None:
        self._directory = directory
        self._path = path
        self._books: dict[bytes, Book] = {}
        self._users = 0
        # True: hand everything over at once, a thread would not live to do it.
        self._exiting = False
        self._forking = False
        # A daemon was there once: from then on numbers are held while it is away.
        self._met = False
        self._connection: Connection | None = None
        self._connections = 0
        self._begin_process()

    def _begin_process(self) -> None:
        """What belongs to one process alone: made anew in a forked child."""
        self._pid = os.getpid()
        self._nonce = os.urandom(wire.NONCE_BYTES)
        self._queue: deque[Any] = deque()
        self._busy = _thread.allocate_lock()
        self._holder = 0
        self._last_frame = -CALM
        self._rest_until = 0.0
        # True: a tail will look at the queue after now.
        self._gathering = False
        self._tails: deque[int] = deque()
        self._bell = _thread.allocate_lock()
        self._bell.acquire()

    def open(self, product: str, packed_policy: bytes) -> Book | None:
        """The book of a policy, shared by all who declare the same; None when the process has too many of them."""
        digest = wire.digest_of(packed_policy)
        if digest not in self._books:
            if len(self._books) >= MAX_BOOKS:
                return None
            self._books.setdefault(digest, Book(product, packed_policy))
        self._users += 1
        return self._books[digest]

    def leave(self, timeout: float) -> None:
        """One user less; the last one closes the connection."""
        self.flush(timeout)
        self._users -= 1
        if self._users == 0 and self._busy.acquire(False):
            try:
                self._disconnect()
            finally:
                self._busy.release()

    # What the handles call. None of it waits for a lock or raises.

    def wake(self, book: Book, counter: Counter) -> None:
        """Note that `counter` has something to take."""
        # These two lines hold together: no other thread and no signal handler runs between them.
        counter.armed = True
        self._queue.append((book, counter))
        if not self._gathering:
            self.quietly(self._hand_over)

    def observe(self, item: tuple[Book, str, float, str, tuple[tuple[str, str], ...]]) -> None:
        """Note one observed value."""
        self._queue.append(item)
        if not self._gathering or len(self._queue) >= FULL:
            self.quietly(self._hand_over)

    def flush(self, timeout: float) -> bool:
        """Hand over what is pending, waiting `timeout` seconds at most; whether all of it was taken."""
        deadline = monotonic() + timeout
        return bool(self.quietly(self._flush, deadline, deadline))

    def quietly(self, act: Callable[..., object], *arguments: object) -> object:
        return guarded(act, *arguments, otherwise=self._rest)

    def _rest(self, _: Exception) -> None:
        """After trouble that nobody foresaw the daemon is left alone for a while; numbers go on being gathered."""
        self._rest_until = monotonic() + REST

    # Handing over. Whoever does it holds `_busy`.

    def _hand_over(self) -> None:
        while self._queue and (not self._gathering or len(self._queue) >= FULL):
            busy = self._busy
            if not busy.acquire(False):
                return  # whoever holds it looks at the queue again afterwards
            try:
                self._holder = _thread.get_ident()
                calm = monotonic() - self._last_frame >= CALM
                if calm or self._gathering or not self._start_tail(GATHER):
                    self._pump()
            finally:
                self._holder = 0
                busy.release()

    def _pump(self, patience: float = 0.0) -> None:
        """Take all that was noted, and send it or keep it. Waits `patience` seconds for a daemon that is slow."""
        if os.getpid() != self._pid:
            self.after_fork_in_child()  # a fork that Python did not see
        self._sort()
        if not self._deliver(patience):
            for book in self._books.values():
                if self._met or self._connection is not None:
                    book.bound()
                else:
                    book.discard()
        if self._is_pending() and not self._gathering:
            self._start_tail(GATHER)

    def _sort(self) -> None:
        """From the queue into the books."""
        queue = self._queue
        for _ in range(len(queue)):
            item = queue.popleft()
            if len(item) == 2:
                book, counter = item
                new = counter.take()
                if new > 0:
                    book.add(counter.kind, counter.name, new)
            else:
                book, *observation = item
                book.observe(*observation)

    def _deliver(self, patience: float) -> bool:
        """Whether all that is pending is with the kernel."""
        for _ in range(2):  # a connection that broke is tried anew once: the daemon may have a successor
            try:
                if not self._reach(patience):
                    return False
                self._send_pending()
                return True
            except BlockingIOError:
                return False
            except (OSError, zmtp.ZmtpError):
                was_ready = self._connection is not None and self._connection.ready
                self._disconnect()
                if not was_ready:
                    return False
                self._rest_until = 0.0
        return False

    def _reach(self, patience: float) -> bool:
        """Whether a connection stands. A new one may take a moment even without patience."""
        now = monotonic()
        if self._connection is None:
            if now < self._rest_until:
                return False
            self._rest_until = now + REST
            patience = max(patience, HANDSHAKE)
            self._connection = self._connect(now + patience)
            self._connections += 1
            _arm_exit_of_child()
        if not self._connection.shake_hands(now + patience):
            return False
        self._met = True
        return True

    def _connect(self, deadline: float) -> Connection:
        while True:
            try:
                return Connection(self._directory, self._path)
            except BlockingIOError:
                # The daemon is there, and its backlog is full.
                self._met = True
                if monotonic() > deadline:
                    self._rest_until = 0.0
                    raise
                _sleep(0.0005)

    def _send_pending(self) -> None:
        connection = self._connection
        assert connection is not None
        connection.finish()
        for book in list(self._books.values()):
            while book.pending:
                frames = [] if book.introduced_on == self._connections else self._introduce(book)
                batch = book.take()
                frames.append(batch.frame(self._nonce))
                connection.send(frames, batch.put_back)
                book.introduced_on = self._connections
                self._last_frame = monotonic()

    def _introduce(self, book: Book) -> list[bytes]:
        """What stands at the head of every connection: the policy, and what kind of process this is."""
        from .environment import collect_system_specs

        return [
            wire.encode_parts(wire.POLICY, book.product, book.digest, self._nonce, book.packed_policy),
            wire.encode_parts(wire.PROCESS, book.product, book.digest, self._nonce, collect_system_specs()),
        ]

    def _disconnect(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()

    def _is_pending(self) -> bool:
        behind = self._connection is not None and self._connection.behind
        return behind or any(book.pending for book in self._books.values())

    def _flush(self, deadline: float, last: float) -> bool:
        """Hand over all that is pending until `deadline`, and until `last` to a daemon that waits for its turn."""
        self._rest_until = 0.0
        while True:
            if self._holder == _thread.get_ident():
                return False  # called from a signal handler that interrupted the handing over
            left = max(0.0, deadline - monotonic())
            busy = self._busy
            if not busy.acquire(True, left):
                return False
            try:
                self._holder = _thread.get_ident()
                self._pump(left or (GATHER if monotonic() < last else 0.0))
                connection = self._connection
                if not self._queue and not self._is_pending():
                    return connection is not None and connection.ready
            finally:
                self._holder = 0
                busy.release()
            if connection is None:
                return False
            if monotonic() >= deadline and (monotonic() >= last or not connection.peer_is_busy()):
                return False
            if connection.ready:
                connection.wait_until_writable(max(GATHER, deadline - monotonic()))

    # The tail of a burst.

    def _start_tail(self, delay: float) -> bool:
        if self._exiting or self._forking or not _may_start_threads():
            return False
        self._gathering = True
        try:
            _thread.start_new_thread(self._tail, (delay,))
        except RuntimeError:  # no thread to be had, or the interpreter is going
            self._gathering = False
            return False
        return True

    def _tail(self, delay: float) -> None:
        me = _thread.get_native_id()
        self._tails.append(me)
        self.quietly(self._tend, delay)
        self._gathering = False
        if not self._exiting and not self._forking:
            self.quietly(self._hand_over)  # what was noted before gathering ended
        self._tails.remove(me)

    def _tend(self, delay: float) -> None:
        """Hand over at intervals, until one brought nothing, nothing can be done, or the bell rings."""
        vigil = monotonic() + VIGIL
        while not self._bell.acquire(True, delay):
            busy = self._busy
            if not busy.acquire(False):
                continue
            try:
                self._holder = _thread.get_ident()
                brought = bool(self._queue)
                self._pump()
                pending = self._is_pending()
            finally:
                self._holder = 0
                busy.release()
            if not brought and not pending:
                return
            delay = GATHER
            if pending:
                if monotonic() > vigil:
                    return
                delay = min(REST, max(delay * 2, self._rest_until - monotonic()))

    def _end_tails(self, timeout: float) -> None:
        """Ring the bell and wait for the tails to be gone, also from the kernel's list of threads."""
        deadline = monotonic() + timeout
        while self._tails or self._gathering:
            ids = list(self._tails)
            if self._bell.locked():
                self._bell.release()
            while monotonic() < deadline and any(map(_thread_lives, ids)):
                _sleep(0.0001)
            if monotonic() >= deadline:
                break
        self._bell.acquire(False)

    # Fork and exit.

    def before_fork(self) -> None:
        """Leave no thread and nothing half done to the child."""
        self._forking = True
        self._end_tails(0.1)
        if self._holder != _thread.get_ident() and self._busy.acquire(True, 0.05):
            self._holder = _thread.get_ident()

    def after_fork_in_parent(self) -> None:
        self._forking = False
        if self._holder == _thread.get_ident():
            self._holder = 0
            self._busy.release()
        self._hand_over()

    def after_fork_in_child(self) -> None:
        """Count on our own: what was counted before is the parent's to send."""
        connection, self._connection = self._connection, None
        self._forking = False
        self._begin_process()
        for book in self._books.values():
            book.forget()
        if connection is not None:
            connection.close()

    def at_exit(self) -> None:
        """Hand over the rest; from here on every event is written through."""
        self._exiting = True
        self._end_tails(EXIT)
        if self._queue or self._is_pending():
            self._flush(monotonic() + EXIT, monotonic() + BUSY_EXIT)


_senders: dict[tuple[str, str], Sender] = {}
_may_start: bool | None = None
_armed_in = 0


def sender_for(directory: str, path: str) -> Sender:
    """This process's sender for the daemon behind the socket at `path`."""
    if not _senders:
        import atexit

        atexit.register(_each, "at_exit")
        os.register_at_fork(
            before=lambda: _each("before_fork"),
            after_in_parent=lambda: _each("after_fork_in_parent"),
            after_in_child=lambda: _each("after_fork_in_child"),
        )
    sender = _senders.get((directory, path))
    return sender if sender is not None else _senders.setdefault((directory, path), Sender(directory, path))


def _each(what: str) -> None:
    for sender in list(_senders.values()):
        sender.quietly(getattr(sender, what))


def _arm_exit_of_child() -> None:
    """Children of multiprocessing leave without `atexit`; they have a registry of their own."""
    global _armed_in
    util = sys.modules.get("multiprocessing.util")
    if util is not None and _armed_in != os.getpid():
        _armed_in = os.getpid()
        util.Finalize(None, _each, args=("at_exit",), exitpriority=-100)


def _may_start_threads() -> bool:
    """Not in a sub-interpreter: a thread that lives at its end is fatal on 3.12 and 3.13."""
    global _may_start
    if _may_start is None:
        try:
            interpreters: Any = __import__(
                "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
            )
            _may_start = interpreters.get_current() == interpreters.get_main()
        except ImportError:
            _may_start = True  # no such module, no sub-interpreters
    return _may_start


def _thread_lives(native_id: int) -> bool:
    """Whether the kernel still lists the thread. Elsewhere than on Linux nobody minds it at a fork."""
    return os.access(f"/proc/self/task/{native_id}", os.F_OK)
