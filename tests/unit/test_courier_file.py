"""Appending a line to a file: whole or not at all, never through a link, bounded, mended after a crash."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from daybeatd.courier_file import append

LINE = b'{"n":1}\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "beats.jsonl"


def test_a_new_file_is_private(path: Path) -> None:
    before = os.umask(0)
    try:
        assert append(str(path), LINE).status == 200
    finally:
        os.umask(before)
    assert path.read_bytes() == LINE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_lines_follow_each_other_and_the_mode_that_a_person_chose_stays(path: Path) -> None:
    path.write_bytes(b"before\n")
    path.chmod(0o644)
    append(str(path), LINE)
    append(str(path), LINE)
    assert path.read_bytes() == b"before\n" + 2 * LINE
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_last_line_that_a_crash_tore_is_left_behind_on_its_own(path: Path) -> None:
    path.write_bytes(b'{"n":0}\n{"n":')
    append(str(path), LINE)
    append(str(path), LINE)
    assert path.read_bytes() == b'{"n":0}\n{"n":\n' + 2 * LINE


def test_the_file_is_set_aside_before_it_grows_above_the_limit(path: Path) -> None:
    older = path.with_name("beats.jsonl.1")
    for number in range(5):
        assert append(str(path), b"%d\n" % number, most=4).status == 200
    assert (older.read_bytes(), path.read_bytes()) == (b"2\n3\n", b"4\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_above_the_limit_is_written_all_the_same(path: Path) -> None:
    assert append(str(path), LINE, most=1).status == 200
    assert append(str(path), LINE, most=1).status == 200
    assert path.read_bytes() == LINE


def test_lines_from_several_attempts_do_not_mix(path: Path) -> None:
    lines = [b"%03d" % number * 5_000 + b"\n" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda line: append(str(path), line), lines))
    assert {result.status for result in results} == {200}
    assert sorted(path.read_bytes().splitlines(keepends=True)) == lines


COURIERS = """
import multiprocessing, sys
sys.path[:0] = {path!r}
from daybeatd.courier_file import append

def be_a_courier(number):
    for round in range({rounds}):
        together.wait(30)
        append(f"{file}{{round}}", b"%d\\n" % number, most=1000)

forks = multiprocessing.get_context("fork")
together = forks.Barrier(4)
couriers = [forks.Process(target=be_a_courier, args=(number,)) for number in range(4)]
for courier in couriers:
    courier.start()
for courier in couriers:
    courier.join()
"""


def test_several_couriers_set_a_full_file_aside_once(path: Path) -> None:
    """The second to find it full would put its new, short file in the place of the one that is kept."""
    files = [Path(f"{path}{number}") for number in range(200)]
    full = LINE * 125
    for each in files:
        each.write_bytes(full)
    code = COURIERS.format(path=sys.path, rounds=len(files), file=path)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert {Path(f"{each}.1").read_bytes() for each in files} == {full}
    assert {b"".join(sorted(each.read_bytes().splitlines())) for each in files} == {b"0123"}


def test_no_link_is_followed(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"before\n")
    path.symlink_to(target)
    result = append(str(path), LINE)
    assert (result.status, result.words) == (0, "the file is a symbolic link, which is not followed")
    assert target.read_bytes() == b"before\n"


def test_what_is_no_regular_file(path: Path, tmp_path: Path) -> None:
    os.mkfifo(path)
    assert append(str(path), LINE).words == "the file is not a regular file"
    assert append(str(tmp_path), LINE).words == "the file is a directory"
    assert append("/dev/null", LINE).words == "the file is not a regular file"


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    assert append(str(tmp_path / "no" / "file"), LINE).words == (
        "the file could not be made: its directory does not exist"
    )
    (tmp_path / "file").write_bytes(b"")
    assert append(str(tmp_path / "file" / "file"), LINE).words == (
        "the file could not be made: what should be its directory is none"
    )


@pytest.fixture
def nobody() -> Iterator[None]:
    """Root may write anything, so a test of what may not be written is another user for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_may_not_be_written(path: Path, nobody: None) -> None:
    assert append("/etc/passwd", LINE).words == "the file may not be written by this user"
    assert append("/etc/daybeat-test", LINE).words == "the file may not be written by this user"


@pytest.mark.parametrize(("room", "words"), [(3, "took only part of the line"), (0, "could not be written")])
def test_a_write_that_was_cut_short_is_taken_back(path: Path, room: int, words: str) -> None:
    """A limit on the size of files cuts a write as a full disk does."""
    path.write_bytes(LINE)
    limit = len(LINE) + room
    code = (
        f"import resource, sys; sys.path[:0] = {sys.path!r}\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "from daybeatd.courier_file import append\n"
        f"print(append({str(path)!r}, {LINE!r}).words)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert words in done.stdout, done.stderr
    assert path.read_bytes() == LINE


def test_a_failed_sync_is_a_failed_attempt(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No disk fails on demand."""

    def failing(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    result = append(str(path), LINE)
    assert (result.status, result.words) == (0, "the file could not be written (Input/output error)")
