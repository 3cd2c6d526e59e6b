"""The manifest beside a document: what it was made from, and every figure in it, as JSON.

Amounts are text in 元, exact; the same inputs give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from builder import __version__
from builder.accounting import Accounts
from builder.accounts.indicators import Amounts
from builder.accounts.money import plain
from builder.accounts.statements import Cell, Statement
from builder.workspace import Workspace

NAMES, ROWS, KINDS = 4096, 4096, 256
"""Of how many figures the names are kept as JSON, of how many rows of tables the keys and columns, and of how many
kinds of rows the columns alone: they are nearly the same in every unit."""


def manifest_text(
    accounts: Accounts, title: str, document: bytes, files: Mapping[str, str], *,
    draft: bool, apart: Mapping[str, bytes] | None = None,
) -> str:
    """Return the manifest of a document, and of those published ``apart``; ``files`` are the form's, with SHA-256."""
    unit_year = accounts.unit_year
    indicators, numbers = accounts.indicators, _Numbers()
    record: dict[str, Any] = {
        "程序": f"juesuan {__version__}",
        "单位": unit_year.card.name,
        "年度": unit_year.year,
        "风格": accounts.style.name,
        "标题": title,
        "草稿": draft,
        "文档": hashlib.sha256(document).hexdigest(),
        **({"另出": {name: hashlib.sha256(docx).hexdigest() for name, docx in apart.items()}} if apart else {}),
        "资料": dict(sorted(unit_year.inputs.items())),
        "格式": dict(sorted(files.items())),
    }
    figures = {name: _figure(indicators.amounts(name), numbers) for name in sorted(indicators.names())}
    tables = {name: _table(statement, numbers) for name, statement in accounts.statements.items()}
    return _braced([*_entries(record), f'"指标": {_group(figures)}', f'"公开表": {_group(tables)}']) + "\n"


def as_lines(record: Mapping[str, Any]) -> str:
    """Return JSON with a line for each entry, and for each entry of a group: to be read, and compared by line."""
    return _braced(_entries(record)) + "\n"


def _entries(record: Mapping[str, Any]) -> Iterator[str]:
    for key, value in record.items():
        is_group = isinstance(value, Mapping)
        text = _group({name: quoted(each) for name, each in value.items()}) if is_group else quoted(value)
        yield f"{quoted(key)}: {text}"


def _group(group: Mapping[str, str]) -> str:
    """Return a group of entries, each of which is JSON already."""
    return _braced([_named(key) + text for key, text in group.items()]) if group else "{}"


def _braced(lines: Iterable[str]) -> str:
    return "{\n" + ",\n".join(lines) + "\n}"


@lru_cache(maxsize=NAMES)
def _named(name: str) -> str:
    """Return what stands before an entry of a group."""
    return f" {quoted(name)}: "


quoted = json.JSONEncoder(ensure_ascii=False).encode
"""Returns a value as JSON on one line. (``json.dumps`` would make an encoder each time.)"""


class _Numbers(dict[Decimal, str]):
    """The amounts of one manifest as JSON: most stand in it several times, as figures and in several tables."""

    def __missing__(self, amount: Decimal) -> str:
        self[amount] = text = f'"{plain(amount)}"'
        return text


def _figure(amounts: Amounts, numbers: Mapping[Decimal, str]) -> str:
    """Return one figure with the counterparts that are known."""
    value, last_year, initial, adjusted = amounts
    text = f'{{"值": {numbers[value]}'
    if last_year is not None:
        text += f', "上年": {numbers[last_year]}'
    if initial is not None:
        text += f', "年初预算": {numbers[initial]}'
    if adjusted is not None:
        text += f', "全年预算": {numbers[adjusted]}'
    return text + "}"


def _table(statement: Statement, numbers: Mapping[Decimal, str]) -> str:
    """Return the cells of one table by row and column."""
    rows = statement.rows
    lines = ", ".join([_line(key, tuple(row.cells)) for key, row in rows.items()])
    texts = [
        numbers[cell.value] if cell.stated is None else _stated(cell, cell.stated.amount, numbers)
        for row in rows.values()
        for cell in row.cells.values()
    ]
    return f"{{{lines % tuple(texts)}}}"


@lru_cache(maxsize=ROWS)
def _line(key: str, columns: tuple[str, ...]) -> str:
    """Return a row of a table with a blank (``%s``) for what stands in each column."""
    return f"{_literal(key)}: {_blanks(columns)}"


@lru_cache(maxsize=KINDS)
def _blanks(columns: tuple[str, ...]) -> str:
    return f"{{{', '.join([f'{_literal(column)}: %s' for column in columns])}}}"


def _literal(name: str) -> str:
    return quoted(name).replace("%", "%%")


def _stated(cell: Cell, stated: Decimal, numbers: Mapping[Decimal, str]) -> str:
    """Return the value of a cell that is stated too; where that differs from the derived one, all three."""
    if stated == cell.derived:
        return numbers[stated]
    return f'{{"印": {numbers[cell.value]}, "计算": {numbers[cell.derived]}, "出表": {numbers[stated]}}}'


def file_hashes(workspace: Workspace, paths: tuple[Path, ...]) -> dict[str, str]:
    """Return the SHA-256 of files by their path in the workspace."""
    return {workspace.relative(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
