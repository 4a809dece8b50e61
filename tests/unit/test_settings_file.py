"""`config.toml` as a file: who may own and read it, what it may link to, and the sample that it begins as."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from daybeatd.core.settings import Settings
from daybeatd.settings import parse, read
from daybeatd.settings_commands import SAMPLE


def test_no_file_is_no_fault(tmp_path: Path) -> None:
    assert read(str(tmp_path / "config.toml")) == (Settings(), [])
    assert read(str(tmp_path / "config.toml" / "below")) == (Settings(), [])


def test_a_file_that_can_not_be_read_sends_nothing(tmp_path: Path) -> None:
    settings, faults = read(str(tmp_path))
    assert len(faults) == 1
    assert not settings.may_send("acme")


def test_bytes_that_are_no_text_send_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'proxy = "\xff"\n')
    settings, faults = read(str(path))
    assert "is not UTF-8" in faults[0]
    assert not settings.may_send("acme")


def test_a_file_that_is_too_long_sends_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"#" * 2_000_000)
    settings, faults = read(str(path))
    assert len(faults) == 1
    assert not settings.may_send("acme")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_file_with_a_key_is_not_for_others(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[products.acme]\nsink = "posthog"\nkey = "phc_hush"\n')
    path.chmod(mode)
    settings, faults = read(str(path))
    assert [f"chmod 600 {path}" in fault for fault in faults] == [True]
    assert settings.may_send("acme")
    path.chmod(0o600)
    assert read(str(path)) == (settings, [])


def test_a_file_without_a_key_may_be_open(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('quiet_hours = "22:00-07:00"\n')
    path.chmod(0o644)
    assert read(str(path))[1] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent.pem", "that file can't be read (No such file or directory)"),
        (".", "that file can't be read (it is no regular file)"),
        ("config.toml", "that file holds no certificate in PEM"),
    ],
)
def test_a_bundle_that_is_none_is_told(tmp_path: Path, name: str, words: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'# first\nca = "{tmp_path / name}"\n')
    settings, faults = read(str(path))
    assert faults == [f"{path}:2: ca: {words}, so nothing is sent over the network until it is mended"]
    assert settings.ca == str(tmp_path / name)


def test_a_bundle_may_belong_to_anyone_and_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "bundle").write_text("-----BEGIN CERTIFICATE-----\n")
    (tmp_path / "link").symlink_to("bundle")
    path = tmp_path / "config.toml"
    path.write_text(f'ca = "{tmp_path / "link"}"\n')
    assert read(str(path))[1] == []


def test_a_file_of_another_user_is_not_followed(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    path = tmp_path / "config.toml"
    path.write_text("")
    os.chown(path, 12345, 12345)
    settings, faults = read(str(path))
    # Root's own check: as root, euid 0 is the only owner that is believed.
    assert "belongs to another user" in faults[0]
    assert not settings.may_send("acme")


# The sample.


def test_the_sample_says_nothing_as_it_stands() -> None:
    assert parse(SAMPLE, "f") == (Settings(), [])


def test_each_part_of_the_sample_holds_when_it_is_taken() -> None:
    """Every line with a `#` and no space after it is a setting; the tables are alternatives."""
    parts = re.split(r"\n\n+", SAMPLE)
    taken = ["\n".join(re.sub(r"^#(?! )", "", line) for line in part.splitlines()) for part in parts]
    for part in taken:
        assert parse(part, "config.toml")[1] == []
    said = {key for part in taken for key in re.findall(r"^(\w+) =", part, re.M)}
    assert said == {"send", "proxy", "ca", "quiet_hours", "sink", "endpoint", "key", "headers"}
    assert {kind for part in taken for kind in re.findall(r'^sink = "(\w+)"', part, re.M)} == {
        *("https_json", "posthog", "otlp", "file", "none")
    }
