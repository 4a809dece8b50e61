"""`Sender.leave`, by a clock and a lock of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from daybeat import sender as senders
from daybeat.policy import policy
from daybeat.sender import Sender


class TakenLock:
    """A lock that another thread keeps, for instance in a flush of its own: whoever waits for it waits in vain."""

    def __init__(self) -> None:
        self.now = 0.0

    def _is_owned(self) -> bool:
        return False

    def acquire(self, blocking: bool, wait: float) -> bool:
        self.now += wait
        return False


def test_who_leaves_waits_no_longer_than_they_were_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = Sender(str(tmp_path), str(tmp_path / "ingest.sock"))
    book = sender.open(policy("acme"), "default")
    assert book is not None
    busy = sender._busy = TakenLock()
    monkeypatch.setattr(senders, "monotonic", lambda: busy.now)
    sender.leave(book, 0.2)
    assert busy.now == pytest.approx(0.2)
