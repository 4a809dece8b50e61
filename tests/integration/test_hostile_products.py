"""Products that report as much as they can: the daemon stays small, sheds nobody, and counts an honest one exactly."""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path
from typing import Any

import pytest
from msgpack import packb

from daybeat import https_json, wire
from daybeat.consent import DEFAULT
from daybeat.policy import policy
from support.house import House
from support.products import acme
from support.raw_peer import shake_hands
from support.waiting import DEADLINE, until

MIB = 1 << 20
LETTERS = "bcdfghklmnprstvw"
#: One in each of the 320 buckets that a distribution has.
WIDE = [100 * 1.0115**k for k in range(320)]
#: What one hostile product observes.
OBSERVED = 512 * len(WIDE)


def resident(pid: int) -> int:
    """Bytes of a process that are in memory, those of files left out."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(fields["RssAnon"].split()[0]) * 1024


def name(n: int) -> str:
    return f"latency.{LETTERS[n % 16]}a{LETTERS[n // 16 % 16]}e{LETTERS[n // 256 % 16]}o"


def framed(kind: str, product: str, digest: bytes, payload: Any) -> bytes:
    frame = packb([1, kind, product, digest, b"n" * 8, payload])
    return b"\x02" + struct.pack(">Q", len(frame)) + frame


def flood_of(product: str) -> bytes:
    """512 distributions of 320 buckets."""
    declared = policy(product, consent="opt-out", declare=["latency.*"])
    packed = wire.pack_policy(declared, DEFAULT)
    digest = wire.digest_of(packed)
    frames = [framed(wire.POLICY, product, digest, packed)]
    for n in range(512):
        for first in range(0, len(WIDE), 64):
            entry = [name(n), "ms", {}, WIDE[first : first + 64]]
            frames.append(framed(wire.COUNTS, product, digest, {"observed": [entry]}))
    return b"".join(frames)


def declaration_of(product: str) -> tuple[bytes, bytes]:
    """Its digest, and the message."""
    packed = wire.pack_policy(policy(product, consent="opt-out", declare=["feature.*"]), DEFAULT)
    return wire.digest_of(packed), framed(wire.POLICY, product, wire.digest_of(packed), packed)


def status(house: House, product: str) -> dict[str, Any]:
    told = house.daybeat("status", product, "--json")
    return json.loads(told.stdout) if told.returncode == 0 else {"products": {}}


def seen(house: House, product: str) -> dict[str, Any]:
    """The numbers of a product with one place."""
    found = status(house, product)["products"].get(product, {"streams": []})["streams"]
    return found[0] if found else {"distributions": {}, "dropped": {}}


def observed(house: House, product: str) -> int:
    return sum(found["count"] for found in seen(house, product)["distributions"].values())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells")
def test_products_of_many_wide_distributions_shut_nobody_out(house: House) -> None:
    daemon = house.start_daemon()
    honest = house.live_client(acme())
    products = [f"flood{n}" for n in range(10)]
    for product in products:
        honest.do("telemetry.count('feature.search', 10); telemetry.observe('latency.x', 1.5, unit='ms')")
        with shake_hands(house.runtime / "ingest.sock") as peer:
            peer.settimeout(120)
            peer.sendall(flood_of(product))
        until(lambda p=product: observed(house, p) == OBSERVED, f"all of {product}", 4 * DEADLINE)  # type: ignore[misc]
    honest.do("telemetry.count('feature.late', 1); telemetry.flush(5)")
    house.await_counters({"feature.search": 100, "feature.late": 1})
    assert house.beat()["dropped"]["overflow"] == 0
    assert seen(house, products[0])["dropped"]["overflow"] == 0
    late = seen(house, products[-1])
    assert late["dropped"]["overflow"] == late["distributions"]["__other__"]["count"] > 0
    told = status(house, "acme")["daemon"]
    assert told["breaks"] == 0
    assert set(told["crowded"]) <= set(products)
    assert products[0] in told["crowded"]
    assert resident(daemon.pid) < 150 * MIB
    assert f"{products[0]} holds more than its share" in house.daybeat("doctor").stdout
    assert f"{products[0]} holds more than its share" in house.daybeat("status").stdout
    house.daybeat("forget")
    house.run_client(acme() + "telemetry.count('feature.search', 10)")
    house.await_counters({"feature.search": 10})
    assert status(house, "acme")["daemon"]["crowded"] == []


def test_records_that_wait_for_a_policy_shut_nobody_out(house: House) -> None:
    daemon = house.start_daemon()
    nested: dict[str, list[dict[str, int]]] = {"a": [{}] * 16_000}
    with shake_hands(house.runtime / "ingest.sock") as peer:
        for n in range(1024):
            digest = n.to_bytes(8, "big")
            peer.sendall(framed(wire.RECORD, "flood", digest, ["feature.x", 0.0, nested, ""]))
    house.run_client(acme() + "telemetry.count('feature.search', 10)")
    house.await_counters({"feature.search": 10})
    assert status(house, "acme")["daemon"]["breaks"] == 0
    assert daemon.running


def test_one_product_too_many_is_named_and_forgetting_another_makes_room_for_good(house: House) -> None:
    daemon = house.start_daemon()
    with shake_hands(house.runtime / "ingest.sock") as peer:
        for n in range(256):
            digest, message = declaration_of(f"flood{n}")
            peer.sendall(message + framed(wire.COUNTS, f"flood{n}", digest, {"counts": {"feature.x": 1}}))
    until(lambda: house.daybeat("status", "flood255").returncode == 0, "not all products are known")
    count = acme() + "telemetry.count('feature.search', 10)"
    house.run_client(count)
    until(lambda: "no place for acme" in house.daybeat("status").stdout, "status does not say it")
    told = json.loads(house.daybeat("doctor", "--json").stdout)
    (found,) = [each for each in told if "no place for acme" in each["what"]]
    assert found["level"] == "fault"
    assert "daybeat forget PRODUCT" in found["mend"]
    assert house.daybeat("forget", "flood7").returncode == 0
    house.run_client(count)
    house.await_counters({"feature.search": 20})  # what had come before waited for its policy
    for shown in (house.daybeat("doctor"), house.daybeat("status")):
        assert "no place" not in shown.stdout
    assert daemon.stop() == 0
    house.start_daemon()
    house.run_client(count)
    house.await_counters({"feature.search": 30})
    assert "nothing is known of flood7" in house.daybeat("status", "flood7").stderr


def test_doctor_names_a_product_that_reports_for_too_many_places(house: House) -> None:
    house.start_daemon()
    with shake_hands(house.runtime / "ingest.sock") as peer:
        for n in range(66):
            sink = https_json(f"http://127.0.0.1:9/{n}")
            packed = wire.pack_policy(policy("acme", consent="opt-out", declare=["feature.*"], sink=sink), DEFAULT)
            digest = wire.digest_of(packed)
            peer.sendall(framed(wire.POLICY, "acme", digest, packed))
            peer.sendall(framed(wire.COUNTS, "acme", digest, {"counts": {"feature.x": 1}}))
    house.await_counters({"feature.x": 64})
    (local,) = [each for each in status(house, "acme")["products"]["acme"]["streams"] if each["destination"] == "local"]
    assert local["counters"] == {"feature.x": 2}
    assert "acme reports for 65 places: what is bound for yet another stays here" in house.daybeat("doctor").stdout
