"""A real store in a directory, used in plain steps."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from daybeatd import ledgerfile
from daybeatd.core.ledger import Ledger
from daybeatd.statements import Statement
from daybeatd.store import Rows, Store, load
from support.ledgers import Told

#: Seconds after which a store that does not answer has failed.
PATIENCE = 10.0


class Disk:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._woken = threading.Event()
        self.store = Store(str(path), self._woken.set)

    def __enter__(self) -> Disk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.store.close()

    def do(self, job: Callable[[Any], Any], *, durable: bool = False) -> Any:
        """The result of one job, an exception as a value."""
        results: list[Any] = []
        self.store.run(job, results.append, durable=durable)
        while not results:
            assert self._woken.wait(PATIENCE), "the store does not answer"
            self._woken.clear()
            self.store.finished()
        return results[0]

    def execute(self, statements: Iterable[Statement], *, durable: bool = False) -> Any:
        todo = list(statements)

        def job(connection: Any) -> None:
            for sql, values in todo:
                connection.execute(sql, values)

        return self.do(job, durable=durable)

    def query(self, sql: str) -> Any:
        return self.do(lambda connection: connection.execute(sql).fetchall())

    def rows(self) -> Rows:
        found: Rows = self.do(load)
        assert not isinstance(found, Exception), found
        return found

    def save(self, ledger: Ledger, *before: Statement) -> None:
        result = self.execute([*before, *ledgerfile.changes(ledger)])
        assert result is None, result


def again(told: Told, disk: Disk) -> Told:
    """What the next daemon knows."""
    other = Told()
    other.choices, other.ledger = told.choices, told.fresh()
    ledgerfile.restore(other.ledger, disk.rows())
    return other
