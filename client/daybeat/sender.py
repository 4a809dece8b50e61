"""Hands a process's numbers to the daemon: the client's only module with a thread, and with fork and exit hooks.

The rules that the host's safety rests on:

- Never wait for a lock. An event is noted first; then whoever gets the lock without waiting hands everything over.
  So threads, signal handlers and finalizers can interrupt each other anywhere.
- Write through when calm, gather in a burst. In a burst a thread, the tail, waits 30 ms, hands over, and ends when an
  interval brought nothing: no thread is alive while nothing is pending.
"""

from __future__ import annotations

import _thread
import os
import sys
from os import getpid  # by name: a host's tests replace `os.getpid`, and that is no fork
from time import sleep as _sleep

from . import wire, zmtp
from .book import MAX_WAITING_OBSERVATIONS, MAX_WAITING_RECORDS, Book, Counter, Series
from .connection import Connection, monotonic
from .guard import debug, guarded, is_of_a_signal, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Callable
    from typing import Any

    from .book import Batch, Handle
    from .policy import Policy
else:
    from _collections import deque  # importing collections would cost 2 ms

#: Seconds. An event that comes later than this after the last hand-over is written through.
CALM = 0.020
#: Seconds that the tail of a burst waits.
GATHER = 0.030
#: Seconds for which a daemon that is absent or does not answer is left alone.
REST = 2.0
#: Seconds that the first event may wait for the handshake, about 0.1 ms as a rule; with what else it does, such as to
#: import msgpack, 5 ms before a daemon that is stuck.
HANDSHAKE = 0.0035
#: Seconds that an exit may wait for a daemon that does not take what is pending.
EXIT = 0.045
#: Seconds that an exit may wait for a daemon that gets no processor: on a machine where everything takes seconds.
STARVED_EXIT = 10.0
#: Seconds between two looks at such a daemon, at the most.
LONGEST_TURN = 0.5
#: Seconds that a flush waits at the most, whatever it is told: what the system's own waits can take.
LONGEST_FLUSH = 86400.0
#: Seconds for which a tail goes on looking for a daemon that went away.
TAIL_LIFETIME = 60.0
#: Policies that one process may have at one socket.
MAX_BOOKS = 64
#: Frames of counts in one send: 32 KB, which a unix socket takes whole or not at all.
MAX_BATCHES = 8

#: Handles for which a frame is made ready.
MAX_ALONE = 64
#: Integers up to this are one byte in msgpack.
_ONE_BYTE = 127


class Sender:
    """The one way from this process to the daemon behind one socket."""

    def __init__(self, directory: str, path: str) -> None:
        self._directory = directory
        self._path = path
        self._books: dict[tuple[Policy, str], Book] = {}
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
        self._pid = getpid()
        self._nonce = os.urandom(wire.NONCE_BYTES)
        self._queue: deque[Handle] = deque()
        # True: a series holds so much that a burst is handed over before its tail comes.
        self._full = False
        # True: something taken from the handles could not be handed over yet.
        self._kept = False
        # What a frame that counts this handle alone has before its number; for the connection that stands.
        self._alone: dict[Handle, bytes] = {}
        # Of a kind that knows its owner: what has interrupted the hand-over, such as a signal handler, leaves it alone.
        self._busy: Any = _thread.RLock()
        # The thread whose fork holds the lock: not one whose fork did not get it, and not one that forks in a handler
        # which has interrupted the hand-over.
        self._held_for_fork = 0
        self._handed_over = -CALM
        self._rest_until = 0.0
        # True: a tail will look at the queue after now.
        self._gathering = False
        # Tails that were started, and the kernel's numbers of those that came to run and may live still.
        self._started = 0
        self._begun = 0
        self._tails: deque[int] = deque()
        self._bell = _thread.allocate_lock()
        self._bell.acquire()

    def open(self, policy: Policy, rule: str) -> Book | None:
        """The book of a policy, shared by all who declare the same; None when the process has too many of them."""
        key = (policy, rule)
        if key not in self._books:
            if len(self._books) >= MAX_BOOKS:
                return None
            book = self._books.setdefault(key, Book(policy, rule))
            if os.access(self._path, os.F_OK):
                book.packed_policy()  # a daemon is likely there: so the first event need not wait for msgpack
        book = self._books[key]
        book.users += 1
        return book

    def leave(self, book: Book, timeout: float) -> None:
        """One user of the book less; the last one ends its handles, and the last of all books closes the connection."""
        deadline = monotonic() + timeout
        self.flush(timeout)
        book.users -= 1
        if not book.users:
            book.retire()
        if not any(each.users for each in list(self._books.values())):
            self._exclusively(self._disconnect_when_done, max(0.0, deadline - monotonic()))

    # What the handles call. None of it waits for a lock or raises.

    def wake(self, handle: Handle) -> None:
        """Note that `handle` has something to take."""
        if handle.armed:
            self._full = True
        else:
            if getpid() != self._pid:  # a fork that Python did not see
                guarded(self.after_fork_in_child, handle, otherwise=self.rest)
            try:
                # These two lines hold together: no other thread and no signal handler runs between them.
                handle.armed = 1
                self._queue.append(handle)
            except MemoryError:
                handle.armed = 0  # its next event tries again
                return
        if self._full or not self._gathering:
            guarded(self._hand_over, otherwise=self.rest)

    def greet(self, book: Book) -> None:
        """Send the book's policy now, if a daemon is there."""
        book.greeting = True
        book.introduced_on = 0
        guarded(self._exclusively, self._pump, otherwise=self.rest)

    def records_waiting(self, book: Book) -> int:
        """How many records of a book are not yet handed over."""
        return len(book.records) + sum(1 for handle in list(self._queue) if handle.book is book and _is_note(handle))

    def flush(self, timeout: float) -> bool:
        """Hand over what is pending, waiting `timeout` seconds at most; whether all of it was taken."""
        deadline = monotonic() + min(max(0.0, timeout), LONGEST_FLUSH)  # in this order NaN is 0
        return bool(guarded(self._flush, deadline, deadline, otherwise=self.rest))

    def rest(self, error: Exception) -> None:
        """After trouble that nobody foresaw the daemon is left alone for a while; numbers go on being gathered."""
        self._rest_until = monotonic() + REST
        debug("the daemon is left alone for %s s: %s", REST, name_of(error))

    # Handing over. Whoever does it holds `_busy`.

    def _exclusively(self, act: Callable[[], object], wait: float = 0.0) -> bool:
        """Run `act` if the lock is to be had within `wait` seconds; whether it was."""
        busy = self._busy
        if busy._is_owned():
            return False
        got: list[bool] = []
        try:
            # One call in C: an exception from a signal handler can't fall between the lock's answer and our note.
            got.extend(map(busy.acquire, (True,), (wait,)))
            if got[0]:
                act()
            return got[0]
        except BaseException:  # a signal handler's or the end of memory: nobody else would look at the queue
            self._disarm()
            raise
        finally:
            if got and got[0]:  # no call before the release: a signal handler could raise in it
                busy.release()

    def _disarm(self) -> None:
        """After an interruption: the next event of a handle that waits tries again, for nobody else may come."""
        for handle in list(self._queue):
            handle.armed = 0

    def _hand_over(self) -> None:
        # Written out, where `_exclusively` would do: a call that comes alone finds the processor's caches cold, and
        # there every function that it enters costs it microseconds.
        while self._queue and (self._full or not self._gathering):
            busy = self._busy
            if busy._is_owned():
                return
            got: list[bool] = []
            try:
                got.extend(map(busy.acquire, (False,)))
                if not got[0]:
                    return  # whoever holds it looks at the queue again afterwards
                if monotonic() - self._handed_over >= CALM:
                    if not self._write_through():
                        self._pump()
                elif self._gathering or not self._start_tail(GATHER):
                    self._pump()
            except BaseException:  # as there
                self._disarm()
                raise
            finally:
                if got and got[0]:  # as there
                    busy.release()

    def _write_through(self) -> bool:
        """Send the one counter that has something to take, in a frame that is known but for its number.

        False when there is more to do than that, and nothing was sent.
        """
        connection, queue = self._connection, self._queue
        message = self._alone.get(queue[0]) if len(queue) == 1 else None
        if message is None or connection is None or self._kept:
            return False
        counter = queue[0]
        assert type(counter) is Counter
        counter.armed = 0  # first, as in `Counter.take`
        new = counter.total - counter.sent
        if not 0 < new <= _ONE_BYTE:
            return False  # it stays in the queue
        message += new.to_bytes(1, "big")
        counter.sent += new
        del queue[0]  # after the take: a handle is never armed and nowhere
        try:
            connection.send(message, lambda: counter.put_back(new))
        except OSError as error:
            if is_of_a_signal(error):
                raise
            return False  # it is put back, and `_pump` finds out what is wrong
        self._handed_over = monotonic()
        return True

    def _learn(self, counter: Counter) -> None:
        """Make ready for the next time that this counter comes alone."""
        book = counter.book
        payload = {counter.kind: {counter.name: _ONE_BYTE}}
        frame = wire.encode_parts(wire.COUNTS, book.product, book.digest, self._nonce, payload)
        self._alone[counter] = zmtp.message(frame)[:-1]

    def _pump(self, patience: float = 0.0) -> None:
        """Take all that was noted, and send it or keep it. Waits `patience` seconds for a daemon that is slow."""
        if getpid() != self._pid:
            self.after_fork_in_child()
        if self._queue:
            self._handed_over = monotonic()
        only = self._queue[0] if len(self._queue) == 1 else None
        self._kept = True  # unless all this comes to its end
        self._sort()
        if not self._deliver(patience):
            for book in self._books.values():
                if self._connection is not None:
                    book.bound(MAX_WAITING_OBSERVATIONS, MAX_WAITING_RECORDS)
                elif self._met:
                    book.bound()
                else:
                    book.discard()
        elif type(only) is Counter and only not in self._alone and len(self._alone) < MAX_ALONE:
            self._learn(only)
        self._kept = self._is_pending()
        if self._kept and not self._gathering:
            self._start_tail(GATHER)

    def _sort(self) -> None:
        """From the handles into the books."""
        queue = self._queue
        self._full = False
        for _ in range(len(queue)):
            queue[0].hand_over()
            del queue[0]  # after the take: a handle is never armed and nowhere

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
            except (OSError, zmtp.ZmtpError) as error:
                if is_of_a_signal(error):
                    raise
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
                batches: list[Batch] = []
                try:
                    most = 1 if book.take(batches).records or frames else MAX_BATCHES
                    while len(batches) < most and book.pending:
                        book.take(batches)
                    frames += [frame for batch in batches for frame in batch.frames(self._nonce)]
                    messages = b"".join(map(zmtp.message, frames))
                    if batches[0].records and not connection.has_room(len(messages)):
                        raise BlockingIOError  # an exit could not even say how many were lost
                    put_back = _putting_back(batches)
                except BaseException:  # whatever it was: what was not sent goes back into its book
                    for batch in batches:
                        batch.put_back()
                    raise
                connection.send(messages, put_back)
                book.introduced_on = self._connections
                book.greeting = False

    def _introduce(self, book: Book) -> list[bytes]:
        """What stands at the head of every connection: the policy, and what kind of process this is."""
        from .environment import collect_system_specs

        facts = {**collect_system_specs(), **book.facts}
        packed = book.packed_policy()
        return [
            wire.encode_parts(wire.POLICY, book.product, book.digest, self._nonce, packed),
            wire.encode_parts(wire.PROCESS, book.product, book.digest, self._nonce, facts),
        ]

    def _disconnect(self) -> None:
        self._alone.clear()
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()

    def _disconnect_when_done(self) -> None:
        """Where something is pending still, the exit hands it over, on the connection that knows it."""
        if not self._is_pending():
            self._disconnect()

    def _is_pending(self) -> bool:
        behind = self._connection is not None and self._connection.behind
        return behind or any(book.pending for book in self._books.values())

    def _flush(self, deadline: float, last: float) -> bool:
        """Hand over all that is pending until `deadline`, and until `last` to a daemon that waits for its turn."""
        self._rest_until = 0.0
        idle = False
        # Each look is twice as far off: a fleet that looked on would take the processor that the daemon waits for.
        turn = GATHER
        while True:
            if self._busy._is_owned():
                return False  # called from a signal handler that interrupted the handing over
            left = max(0.0, deadline - monotonic())
            patience = left or (turn if not idle and monotonic() < last else 0.0)
            if not self._exclusively(lambda: self._pump(patience), left):  # noqa: B023 - it is called at once
                return False
            connection = self._connection
            if connection is None:
                if self._rest_until or monotonic() >= deadline:
                    return False
                continue  # its backlog is full
            if not self._queue and not self._kept:
                return connection.ready
            if monotonic() >= deadline:
                # Idle twice: what it did in between, such as to answer, was looked at by then.
                if idle or monotonic() >= last:
                    return False
                idle = not connection.peer_is_starved()
                turn = min(2 * turn, LONGEST_TURN)
            if connection.ready and not idle:
                connection.wait_until_writable(max(turn, deadline - monotonic()))

    # The tail of a burst.

    def _start_tail(self, delay: float) -> bool:
        if self._exiting or self._forking or not _may_start_threads():
            return False
        while self._tails and not _thread_lives(self._tails[0]):
            self._tails.popleft()
        self._gathering = True
        self._started += 1
        begun: list[int] = []
        try:
            # One call in C, as in `_exclusively`.
            begun.extend(map(_thread.start_new_thread, (self._tail,), ((delay,),)))
        except RuntimeError:  # no thread to be had, or the interpreter is going
            return False
        finally:
            if not begun:
                self._started -= 1
                self._gathering = False
        return True

    def _tail(self, delay: float) -> None:
        guarded(self._tend, delay, otherwise=self.rest)
        self._gathering = False
        if not self._exiting and not self._forking:
            guarded(self._hand_over, otherwise=self.rest)  # what was noted before gathering ended

    def _tend(self, delay: float) -> None:
        """Hand over at intervals, until one brought nothing, nothing can be done, or the bell rings."""
        self._tails.append(_thread.get_native_id())
        self._begun += 1  # never by two at once: the next is started when this one no longer gathers
        end = monotonic() + TAIL_LIFETIME
        while not self._bell.acquire(True, delay):
            if not self._queue and not self._kept:
                return
            if not self._exclusively(self._pump):
                continue
            delay = GATHER
            if self._kept:
                if monotonic() > end:
                    return
                # A daemon that reads slowly is asked again soon; one that is not there is left alone.
                rest = 0.0 if self._connection is not None else self._rest_until - monotonic()
                delay = min(REST, max(delay * 2, rest))

    def _end_tails(self, timeout: float) -> None:
        """Ring the bell and wait for the tails to be gone, also from the kernel's list of threads."""
        deadline = monotonic() + timeout
        while self._begun < self._started or any(map(_thread_lives, self._tails)):
            if monotonic() >= deadline:
                break
            if self._bell.locked():
                self._bell.release()
            _sleep(0.0001)
        self._bell.acquire(False)

    # Fork and exit.

    def before_fork(self) -> None:
        """Leave no thread and nothing half done to the child."""
        self._forking = True
        self._end_tails(0.1)
        if not self._busy._is_owned() and self._busy.acquire(True, 0.05):
            self._held_for_fork = _thread.get_ident()

    def after_fork_in_parent(self) -> None:
        if self._held_for_fork == _thread.get_ident():
            self._held_for_fork = 0
            self._busy.release()
        self._hand_over()  # without a tail: Python 3.12 looks for threads only after this
        self._forking = False

    def after_fork_in_child(self, ours: Handle | None = None) -> None:
        """Count on our own: what was counted before is the parent's to send, but for what `ours` has."""
        noted = self._queue
        self._forking = False
        self._begin_process()
        self._disconnect()  # first: what it puts back is the parent's too
        for handle in noted:
            handle.forget()
        for book in self._books.values():
            book.forget(ours)

    def at_exit(self) -> None:
        """Hand over the rest; from here on every event is written through."""
        self._exiting = True
        self._end_tails(EXIT)
        if (self._queue or self._kept) and not self._flush(monotonic() + EXIT, monotonic() + STARVED_EXIT):
            self._exclusively(self._give_up, LONGEST_TURN)  # for a tail of ours that waits for a processor
        if not _may_start_threads():
            self._exclusively(self._disconnect)  # the process goes on after a sub-interpreter

    def _give_up(self) -> None:
        """Tell the daemon how many records are lost: that count fits where they did not."""
        self._sort()
        for book in self._books.values():
            book.give_up_records()
        self._deliver(0.0)


def _is_note(handle: Handle) -> bool:
    return type(handle) is not Counter and type(handle) is not Series


def _putting_back(batches: list[Batch]) -> Callable[[], None]:
    def put_back() -> None:
        for batch in batches:
            batch.put_back()

    return put_back


_senders: dict[tuple[str, str], Sender] = {}
_may_start: bool | None = None
_armed_in = 0


def sender_for(directory: str, path: str) -> Sender:
    """This process's sender for the daemon behind the socket at `path`."""
    if not _senders:
        import atexit

        senders = _senders  # these ones: a host may reload this module
        atexit.register(_each, senders, "at_exit")
        os.register_at_fork(
            before=lambda: _each(senders, "before_fork"),
            after_in_parent=lambda: _each(senders, "after_fork_in_parent"),
            after_in_child=lambda: _each(senders, "after_fork_in_child"),
        )
    sender = _senders.get((directory, path))
    return sender if sender is not None else _senders.setdefault((directory, path), Sender(directory, path))


def _each(senders: dict[tuple[str, str], Sender], what: str) -> None:
    for sender in list(senders.values()):
        guarded(getattr(sender, what), otherwise=sender.rest)


def _arm_exit_of_child() -> None:
    """Children of multiprocessing leave without `atexit`; they have a registry of their own."""
    global _armed_in
    util = sys.modules.get("multiprocessing.util")
    if util is not None and _armed_in != getpid():
        _armed_in = getpid()
        _arm(util)
        # Again when the work of a child begins: what was registered in it before is thrown away then.
        util.register_after_fork(_arm, lambda arm: arm(util))


def _arm(util: Any) -> None:
    util.Finalize(None, _each, args=(_senders, "at_exit"), exitpriority=-100)


def _may_start_threads() -> bool:
    """Not in a sub-interpreter: a thread that lives at its end is fatal on 3.12 and 3.13.

    Nor where gevent or eventlet give greenlets for threads: a fork or an exit would wait for what runs and ends only
    when the host lets it.
    """
    global _may_start
    if not isinstance(_thread.start_new_thread, type(len)):
        return False
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
