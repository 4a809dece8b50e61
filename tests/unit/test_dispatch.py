"""The daemon's end of the courier, where there is no courier."""

from __future__ import annotations

import sys
from pathlib import Path
from time import monotonic

import pytest

from daybeatd.dispatch import Dispatch
from daybeatd.sinks.contract import Delivery, Result


def test_a_courier_that_cannot_be_started_is_a_failed_attempt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As when the Python that the daemon runs on was replaced by another one."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    dispatch = Dispatch()
    failed = Result(status=0, words="the courier can't be started: No such file or directory")
    for id in ("one", "two"):
        dispatch.send(id, Delivery(path=str(tmp_path / "sink")), b"body")
        assert dispatch.has(id)
    assert dispatch.deadline <= monotonic(), "there is no answer to wait for"
    assert dispatch.results() == [("one", failed), ("two", failed)]
    assert dispatch.results() == []
    monkeypatch.undo()
    dispatch.send("one", Delivery(path=str(tmp_path / "sink")), b"body")
    assert dispatch.descriptors()
    dispatch.stop()
