"""`Sender` around forks of several threads at once."""

from __future__ import annotations

import threading
from pathlib import Path

from daybeat.sender import Sender


def test_a_fork_lets_go_of_no_lock_that_anothers_holds(tmp_path: Path) -> None:
    sender = Sender(str(tmp_path), str(tmp_path / "ingest.sock"))
    faults: list[BaseException] = []

    def fork() -> None:
        try:
            sender.before_fork()  # in vain: the other thread's has the lock
            sender.after_fork_in_parent()
        except BaseException as fault:  # a thread's own would be told nobody
            faults.append(fault)

    sender.before_fork()
    other = threading.Thread(target=fork)
    other.start()
    other.join()
    assert faults == []
    assert sender._busy._is_owned()
    sender.after_fork_in_parent()
    assert not sender._busy._is_owned()
