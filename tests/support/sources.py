"""The source of both packages as a table of imports, read without running any of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import daybeat
import daybeatd

PACKAGES = {package.__name__: Path(str(package.__file__)).parent for package in (daybeat, daybeatd)}


@cache
def modules(package: str) -> dict[str, ast.Module]:
    """Every module of a package: its dotted name and its tree."""
    root = PACKAGES[package]
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = [package, *path.relative_to(root).with_suffix("").parts]
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text("utf-8"), str(path))
    return found


@cache
def every() -> dict[str, ast.Module]:
    return {**modules("daybeat"), **modules("daybeatd")}


@cache
def imports(module: str) -> frozenset[str]:
    """The modules that `module` imports when it runs, at its top or later, by their whole names."""
    return frozenset(name for name, _ in _found(module, every()[module], late=False))


@cache
def early_imports(module: str) -> frozenset[str]:
    """Those that it imports when it is imported itself."""
    return frozenset(name for name, late in _found(module, every()[module], late=False) if not late)


def _found(module: str, node: ast.AST, *, late: bool) -> Iterator[tuple[str, bool]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, late) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from ((name, late) for name in _from(module, node))
    elif isinstance(node, ast.Call) and _name_of(node.func) in ("__import__", "import_module"):
        yield from ((str(a.value), late) for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
    if isinstance(node, ast.If) and _name_of(node.test) == "TYPE_CHECKING":
        children: list[ast.AST] = list(node.orelse)  # what only a type checker reads costs nobody anything
    else:
        children = list(ast.iter_child_nodes(node))
    inside = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in children:
        yield from _found(module, child, late=inside)


def _from(module: str, node: ast.ImportFrom) -> Iterator[str]:
    base = node.module or ""
    if node.level:
        root = PACKAGES[module.partition(".")[0]].joinpath(*module.split(".")[1:])
        package = module.split(".") if root.is_dir() else module.split(".")[:-1]
        base = ".".join(package[: len(package) - node.level + 1] + ([base] if base else []))
    for alias in node.names:
        whole = f"{base}.{alias.name}"
        yield whole if whole in every() else base


def _name_of(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def attributes(module: str, of: str) -> set[str]:
    """The names that a module takes from another: `sqlite3.Error` gives "Error" for `sqlite3`."""
    found = set()
    for node in ast.walk(every()[module]):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == of:
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == of:
            found.update(alias.name for alias in node.names)
    return found


def top(name: str) -> str:
    return name.partition(".")[0]
