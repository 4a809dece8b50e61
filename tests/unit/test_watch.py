"""Word of what is written into a directory by hand, from the real kernel."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daybeatd.watch import Watch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "config" / "consent"


@pytest.fixture
def watch(tmp_path: Path, own: Path) -> Iterator[Watch]:
    made = Watch((str(own),), (str(tmp_path / "etc"),))
    yield made
    made.close()


def told(watch: Watch) -> bool:
    found = bool(select.select([watch.descriptor], [], [], 0)[0])
    watch.take()
    return found


def replace(path: Path) -> None:
    """As `daybeat on` and most editors write."""
    new = path.with_name(".new")
    new.write_text("off")
    new.rename(path)


def test_its_own_directories_are_made_and_another_is_not(watch: Watch, own: Path, tmp_path: Path) -> None:
    assert own.stat().st_mode & 0o777 == 0o700
    assert not (tmp_path / "etc").exists()


@pytest.mark.parametrize("change", [lambda path: path.write_text("off"), replace, os.unlink], ids=["write", "mv", "rm"])
def test_a_change_is_told_once(watch: Watch, own: Path, change: Callable[[Path], object]) -> None:
    path = own / "acme"
    path.write_text("on")
    assert told(watch)
    assert not told(watch)
    change(path)
    assert told(watch)
    assert not told(watch)


def test_reading_is_no_change(watch: Watch, own: Path) -> None:
    (own / "acme").write_text("on")
    assert told(watch)
    (own / "acme").read_text()
    os.listdir(own)
    assert not told(watch)


def test_a_directory_that_comes_later_is_watched_from_the_next_look(watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    watch.renew()
    (tmp_path / "etc" / "all").write_text("off")
    assert told(watch)


def test_a_directory_that_was_made_anew_is_watched_anew(watch: Watch, own: Path) -> None:
    (own / "acme").write_text("on")
    assert told(watch)
    (own / "acme").unlink()
    own.rmdir()
    assert told(watch)  # which makes it again
    (own / "acme").write_text("off")
    assert told(watch)


def test_where_the_kernel_gives_none_it_tells_nothing(monkeypatch: pytest.MonkeyPatch, own: Path) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    none = Watch((str(own),))
    assert none.descriptor == -1
    none.close()
