"""Events in: the PULL socket, and the watch over who is connected to it. The only module with zmq sockets.

libzmq aborts the process when it runs out of descriptors, reads random bytes as messages of old protocol versions, and
loses what a peer left behind when a finite queue is full. The settings here are those that held against all of it.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import logging
import os
import resource
import socket
import struct
from collections.abc import Callable
from time import monotonic

import zmq

from daybeat.wire import MAX_FRAME
from daybeatd.core.fleet import UNKNOWN
from daybeatd.directories import DirectoryError, remove_stale_socket

log = logging.getLogger("daybeatd")

#: Connections of one process; a healthy one has one for each runtime directory.
MAX_CONNECTIONS_OF_ONE = 8
#: Descriptors kept for everything that is not a client's connection.
RESERVED = 128
#: Milliseconds that a handshake may take. A client sends its first frame with the handshake's last part, and may be
#: gone by then: a daemon that was stopped in between, and closed the connection when it went on, would lose it.
HANDSHAKE = 10_000
#: Seconds for which nobody is let in after too many came.
PAUSE = 0.5
#: Resident memory, bytes, at which connections are dropped: unfinished multipart messages are bounded by nothing else.
MAX_MEMORY = 384 * 1024 * 1024
#: Messages after which a moment of rest is used to give memory back: what was queued of them is freed in pieces.
STORM = 1000
#: Seconds that leaving may take.
LEAVING = 5.0

Connected = Callable[[int, int], None]


class Message:
    """One message as it came. `pid` is its sender's, 0 where that means nothing."""

    __slots__ = ("_frame", "data")

    def __init__(self, frame: zmq.Frame) -> None:
        self._frame = frame
        self.data = bytes(frame.buffer)

    @property
    def pid(self) -> int:
        address = self._frame.get("Peer-Address")
        return int(str(address).rpartition(":")[2] or 0)


class Ingest:
    """Takes messages at `path`.

    `connected` and `disconnected` are told the number and the pid of each connection, -1 where it was gone too soon.
    """

    def __init__(self, path: str, connected: Connected, disconnected: Connected) -> None:
        self._path = path
        self._connected = connected
        self._disconnected = disconnected
        self._context = zmq.Context(io_threads=1)
        # Descriptor -> the connection's number and pid.
        self._peers: dict[int, tuple[int, int]] = {}
        self._numbers = itertools.count()
        self._limit = _raise_descriptor_limit() - RESERVED
        self._paused_until = 0.0
        self._since_rest = 0
        #: How often too many connections or too much memory made it drop everyone.
        self.breaks = 0
        #: Why clients can't be let in again, "" while they can.
        self.fault = ""
        remove_stale_socket(path)
        self.socket = self._context.socket(zmq.PULL)
        self._set_options()
        self.monitor = self.socket.get_monitor_socket(zmq.EVENT_ACCEPTED | zmq.EVENT_DISCONNECTED | zmq.EVENT_CLOSED)
        self.socket.bind("ipc://" + path)
        os.chmod(path, 0o600)

    def _set_options(self) -> None:
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVHWM, 0)
        self.socket.setsockopt(zmq.MAXMSGSIZE, MAX_FRAME)
        self.socket.setsockopt(zmq.HANDSHAKE_IVL, HANDSHAKE)
        self.socket.setsockopt(zmq.BACKLOG, 1024)
        # Without a handler this admits NULL of ZMTP 3 and refuses older versions, to which anything is a message.
        self.socket.setsockopt(zmq.ZAP_DOMAIN, b"daybeat")
        if hasattr(zmq, "IPC_FILTER_UID"):
            self.socket.setsockopt(zmq.IPC_FILTER_UID, os.geteuid())

    def drain(self, most: int) -> list[Message]:
        """What has come, at most `most` messages. A message of several parts is none of ours and is passed over."""
        found: list[Message] = []
        parts = False
        try:
            while len(found) < most:
                frame = self.socket.recv(zmq.NOBLOCK, copy=False)
                if not parts and not frame.more:
                    found.append(Message(frame))
                parts = frame.more
        except zmq.Again:
            pass
        self._since_rest += len(found)
        return found

    def rest(self) -> None:
        """Nothing is to be read for a while: give back the memory of a storm, which the C library would keep."""
        if self._since_rest >= STORM:
            self._since_rest = 0
            _give_memory_back()

    def wait(self, seconds: float) -> bool:
        """Whether a message comes within `seconds`."""
        return bool(self.socket.poll(int(seconds * 1000)))

    def watch(self) -> None:
        """Take note of who came and went; keep the connections within their bounds."""
        while self.monitor.poll(0):
            # A number of 16 bits, the event, and one of 32, the descriptor; then a part with the address.
            event, descriptor = struct.unpack("=Hi", self.monitor.recv_multipart()[0])
            if event == zmq.EVENT_ACCEPTED:
                self._accept(descriptor)
            elif descriptor in self._peers:
                self._disconnected(*self._peers.pop(descriptor))
        # After a break nobody is connected; what they had sent is read, and until then memory may still be above it.
        if not self._paused_until and (len(self._peers) >= self._limit or _resident_memory() > MAX_MEMORY):
            self._break()

    def _accept(self, descriptor: int) -> None:
        if descriptor in self._peers:
            self._disconnected(*self._peers.pop(descriptor))
        pid = _pid_behind(descriptor)
        if pid > 0 and sum(1 for _, peer in self._peers.values() if peer == pid) >= MAX_CONNECTIONS_OF_ONE:
            _shut(descriptor, socket.SHUT_RDWR)
        self._peers[descriptor] = next(self._numbers), pid
        self._connected(*self._peers[descriptor])

    @property
    def connections(self) -> int:
        return len(self._peers)

    @property
    def resume_at(self) -> float:
        """When, by `monotonic`, `resume` is due; 0 when it is not."""
        return self._paused_until

    def _break(self) -> None:
        """Drop everyone. Healthy clients hold their numbers and come again."""
        self.breaks += 1
        self.socket.unbind("ipc://" + self._path)
        for number, pid in self._peers.values():
            self._disconnected(number, pid)
        self._peers.clear()
        self._paused_until = monotonic() + PAUSE
        _give_memory_back()

    def resume(self) -> None:
        """Let clients in again after a break; where something is in the way, say so and try again."""
        if not self._paused_until or monotonic() < self._paused_until:
            return
        try:
            remove_stale_socket(self._path)
            self.socket.bind("ipc://" + self._path)
        except (DirectoryError, OSError, zmq.ZMQError) as error:
            if self.fault != str(error):
                log.error("clients can't be let in again: %s", error)
            self.fault = str(error)
            self._paused_until = monotonic() + PAUSE
            return
        os.chmod(self._path, 0o600)
        self._paused_until, self.fault = 0.0, ""

    def leave(self, take: Callable[[list[Message]], None]) -> None:
        """Go away without loss: refuse newcomers, shut the clients' side, read to the end.

        Clients see a broken pipe at their next frame and hold it for the next daemon. Only on Linux does shutting the
        read side keep what has arrived; elsewhere what has arrived is read, for a moment, without shutting.
        """
        with contextlib.suppress(DirectoryError, OSError):  # somebody's, or gone
            remove_stale_socket(self._path)
        deadline = monotonic() + LEAVING
        shut: set[int] = set()
        quiet = 0
        while monotonic() < deadline and quiet < 3:
            messages = self.drain(1000)
            self.watch()
            for descriptor in set(self._peers) - shut:
                if hasattr(socket, "SO_PEERCRED"):
                    _shut(descriptor, socket.SHUT_RD)
                shut.add(descriptor)
            take(messages)
            if messages or (self._peers and hasattr(socket, "SO_PEERCRED")):
                quiet = 0
            else:
                quiet += 1
            self.wait(0.005)

    def close(self) -> None:
        self.socket.disable_monitor()
        self.monitor.close(0)
        self.socket.close(0)
        self._context.term()


def _raise_descriptor_limit() -> int:
    """As many descriptors as the system lets us have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard if hard != resource.RLIM_INFINITY else 65536, 65536)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return soft


def _pid_behind(descriptor: int) -> int:
    """The pid at the other end: 0 when pids mean nothing here, -1 when the connection is gone."""
    if not hasattr(socket, "SO_PEERCRED"):
        return 0
    try:
        with socket.socket(fileno=os.dup(descriptor)) as peer:
            credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    except OSError:
        return UNKNOWN
    return int(struct.unpack("iII", credentials)[0])


def _shut(descriptor: int, how: int) -> None:
    try:
        with socket.socket(fileno=os.dup(descriptor)) as peer:
            if peer.family == socket.AF_UNIX:
                peer.shutdown(how)
    except OSError:
        pass  # it is gone already, which is what was wanted


def _resident_memory() -> int:
    try:
        with open("/proc/self/statm", "rb") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize()
    except OSError:
        return 0  # no /proc: there only the limits on frames and connections hold


def _give_memory_back() -> None:
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
