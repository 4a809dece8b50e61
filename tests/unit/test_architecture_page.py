"""docs/architecture.md names every module, and none that is gone."""

from __future__ import annotations

import re

import pytest

from support.environment import REPOSITORY
from support.sources import modules

PAGE = (REPOSITORY / "docs/architecture.md").read_text("utf-8")


@pytest.mark.parametrize("package", ["daybeat", "daybeatd"])
def test_each_module_has_its_place(package: str) -> None:
    (part,) = re.findall(rf"^## `\w+/{package}/`\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    cells = re.findall(r"^\| (`.*?) \|", part, re.MULTILINE)
    named = [name for cell in cells for name in re.findall(r"`([a-z_.]+)`", cell)]
    packages = {name.rpartition(".")[0] for name in modules(package)}
    expected = modules(package).keys() - packages - {"daybeatd.__main__"}
    assert sorted(f"{package}.{name}" for name in named) == sorted(expected)
