"""Statements of SQL as values: made where it is known what to write, and run by the store in one transaction."""

from __future__ import annotations

from typing import Any

Statement = tuple[str, tuple[Any, ...]]


def writes_to(statement: Statement, *tables: str) -> bool:
    """Whether it is one that changes one of `tables`."""
    return not set(tables).isdisjoint(statement[0].split())


def put(table: str, **row: Any) -> Statement:
    """Insert a row, in place of the one with its primary key."""
    marks = ", ".join("?" * len(row))
    return f"INSERT OR REPLACE INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())


def delete(table: str, **where: Any) -> Statement:
    """Delete the rows that agree in all of `where`: all rows, where nothing is said."""
    conditions = " AND ".join(f"{column} = ?" for column in where)
    return f"DELETE FROM {table}" + (f" WHERE {conditions}" if where else ""), tuple(where.values())
