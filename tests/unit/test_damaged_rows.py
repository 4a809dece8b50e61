"""Damage inside of rows, which SQLite does not see: it must neither keep the daemon from starting nor stay for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from daybeatd.keeper import Keeper
from support.disk import Disk
from support.ledgers import Client, Told, acme

DAMAGES = {
    "a value that is no msgpack": "UPDATE product SET system = x'c1'",
    "a distribution that is another map": "UPDATE distribution SET body = x'80'",
    "text that is no UTF-8": "UPDATE number SET name = CAST(x'ff' AS TEXT) WHERE name = 'cli.run'",
    "a kind that nobody knows": "UPDATE number SET kind = 'xounter' WHERE name = 'cli.run'",
    "a number of a stream that is not there": "UPDATE number SET destination = 'nowhere'",
    "a product that is gone": "DELETE FROM product",
    "a stream that is gone": "DELETE FROM stream",
    "a table that is gone": "DROP TABLE number",
    "a column that is gone": "ALTER TABLE history DROP COLUMN words",
    "a number that is text": "UPDATE number SET value = 'many' WHERE name = 'cli.run'",
}


def kept(path: Path, told: Told) -> Keeper:
    return Keeper(str(path), told.fresh, lambda: None)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_the_daemon_begins_and_keeps_its_numbers_on_disk_again(tmp_path: Path, damage: str) -> None:
    path, told = tmp_path / "state" / "daybeat.db", Told()
    with Disk(path) as disk:
        Client(told, acme()).hello().counts({"cli.run": 1}, observed=(("latency.x", "ms", {}, [1.0]),))
        disk.save(told.ledger)
        assert disk.execute([(damage, ())]) is None
    first = kept(path, told)
    told.ledger = first.ledger
    Client(told, acme()).hello().counts({"cli.run": 41})
    first.close()
    second = kept(path, told)
    try:
        assert second.fault == ""
        (stream,) = second.ledger.streams.values()
        assert stream.window.numbers["counter"]["cli.run"] in (41, 42)
    finally:
        second.close()
