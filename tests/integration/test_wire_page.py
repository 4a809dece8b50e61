"""The program on docs/wire.md is a client like any other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.house import House

PAGE = Path(__file__).resolve().parents[2] / "docs" / "wire.md"


def test_the_program_on_the_page_is_counted(house: House) -> None:
    if not PAGE.exists():
        pytest.skip("the documents are not here")
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    house.start_daemon()
    base = house.root / "xdg"
    base.mkdir()
    (base / "daybeat").symlink_to(house.runtime)
    done = house.run_client(program, XDG_RUNTIME_DIR=str(base))
    assert done.stderr == ""
    house.await_counters({"feature.search": 3})
