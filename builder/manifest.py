"""The manifest beside a document: what it was made from, and every figure in it, as JSON.

Amounts are text in 元, exact; the same inputs give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder import __version__
from builder.accounting import Accounts
from builder.accounts.figures import Figure
from builder.accounts.money import plain
from builder.accounts.statements import Cell, Statement
from builder.workspace import Workspace


def manifest_text(
    accounts: Accounts, title: str, document: bytes, files: Mapping[str, str], *,
    draft: bool, apart: Mapping[str, bytes] | None = None,
) -> str:
    """Return the manifest of a document, and of those published ``apart``; ``files`` are the form's, with SHA-256."""
    unit_year = accounts.unit_year
    indicators = accounts.indicators
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
        "指标": {name: figure_record(indicators.get(name)) for name in sorted(indicators.names())},
        "公开表": {name: statement_record(statement) for name, statement in accounts.statements.items()},
    }
    return as_lines(record)


def as_lines(record: Mapping[str, Any]) -> str:
    """Return JSON with a line for each entry, and for each entry of a group: to be read, and compared by line."""
    entries = [
        f"{quoted(key)}: {_group(value) if isinstance(value, Mapping) else quoted(value)}"
        for key, value in record.items()
    ]
    return "{\n" + ",\n".join(entries) + "\n}\n"


def _group(group: Mapping[str, Any]) -> str:
    lines = [f" {quoted(key)}: {quoted(value)}" for key, value in group.items()]
    return "{\n" + ",\n".join(lines) + "\n}" if lines else "{}"


quoted = json.JSONEncoder(ensure_ascii=False).encode
"""Returns a value as JSON on one line. (``json.dumps`` would make an encoder each time.)"""


def figure_record(figure: Figure) -> dict[str, str]:
    """Return one figure with the counterparts that are known."""
    return {"值": plain(figure.value)} | {name: plain(value) for name, value in figure.counterparts().items()}


def statement_record(statement: Statement) -> dict[str, dict[str, Any]]:
    """Return the cells of one table by row and column: the printed value, and both values where they differ."""
    return {
        key: {column: cell_record(cell) for column, cell in row.cells.items()} for key, row in statement.rows.items()
    }


def cell_record(cell: Cell) -> str | dict[str, str]:
    """Return a cell's value; where a stated one differs from the derived one, all three."""
    if cell.stated is None or cell.stated.amount == cell.derived:
        return plain(cell.value)
    return {"印": plain(cell.value), "计算": plain(cell.derived), "出表": plain(cell.stated.amount)}


def file_hashes(workspace: Workspace, paths: tuple[Path, ...]) -> dict[str, str]:
    """Return the SHA-256 of files by their path in the workspace."""
    return {workspace.relative(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
