"""What a storm took of memory is given back when it is over, without a wake-up for it."""

from __future__ import annotations

import struct
import sys
import time
from pathlib import Path

import pytest

import daybeat
from daybeat import wire
from daybeat.consent import DEFAULT
from daybeat.policy import policy
from support.house import House
from support.raw_peer import shake_hands
from support.waiting import DEADLINE, until

MIB = 1 << 20
#: Records of 15 KB, of which nothing but their kind is counted: they come faster than they are read.
RECORDS = 6_000


def resident(pid: int) -> int:
    """Bytes of a process that are in memory, those of files left out."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(fields["RssAnon"].split()[0]) * 1024


def woken(pid: int) -> int:
    """How often its main thread has gone to sleep by itself."""
    text = Path(f"/proc/{pid}/task/{pid}/status").read_text()
    return int(text.partition("\nvoluntary_ctxt_switches:")[2].split()[0])


def sleeps(pid: int) -> bool:
    """Whether two seconds pass without a wake-up."""
    begin = woken(pid)
    time.sleep(2)
    return woken(pid) == begin


def framed(payload: wire.Declaration | wire.Record, digest: bytes) -> bytes:
    frame = wire.encode(wire.Frame(product="acme", digest=digest, nonce=b"n" * 8, payload=payload))
    return b"\x02" + struct.pack(">Q", len(frame)) + frame


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells, and only its C library trims")
def test_the_memory_of_a_storm_is_given_back_at_rest(house: House) -> None:
    daemon = house.start_daemon()
    before = resident(daemon.pid)
    declared = policy("acme", consent="opt-out", declare=["feature.*"], sink=daybeat.file("/dev/null"))
    digest = wire.digest_of(wire.pack_policy(declared, DEFAULT))
    record = wire.Record(kind="feature.storm", time=0.0, fields={"text": "x" * 15_000}, salt="")
    storm = framed(record, digest)
    most = before
    with shake_hands(house.runtime / "ingest.sock") as peer:
        peer.settimeout(60)
        peer.sendall(framed(wire.Declaration(policy=declared, rule=DEFAULT), digest))
        for _ in range(RECORDS // 20):
            peer.sendall(storm * 20)
            most = max(most, resident(daemon.pid))
    until(lambda: house.held() == {"feature.storm": RECORDS}, lambda: f"{house.held()} were read", 4 * DEADLINE)
    assert most > before + 20 * MIB, "no storm"
    until(lambda: resident(daemon.pid) < before + 15 * MIB, lambda: f"{resident(daemon.pid) / MIB:.0f} MiB at rest")
    until(lambda: sleeps(daemon.pid), "the daemon wakes up at rest")
