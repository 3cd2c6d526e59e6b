"""``juesuan check``: every cross-check of the units, reported as text, JSON, one HTML file or a workbook."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path

from builder.accounting import Reasons, open_accounts
from builder.asking import asked_by
from builder.building import Builder
from builder.commands.targets import targets
from builder.console import Console
from builder.departments.comparing import units_of
from builder.departments.tree import Tree
from builder.findings import InputError
from builder.loading.cache import Cache
from builder.reports.examined import Examination, Examined, examined, refused
from builder.workspace import Workspace
from builder.writing import disk_errors, file_name, write_together

Writer = Callable[[Examination], Iterator[bytes]]
WRITERS = {
    "text": "as_text.text_lines", "json": "as_json.json_lines", "html": "as_html.page", "xlsx": "as_xlsx.workbook",
}
"""Format → the function of ``builder.reports`` that writes it; only the one that is asked for is loaded."""
SUFFIXES = {".txt": "text", ".json": "json", ".html": "html", ".htm": "html", ".xlsx": "xlsx"}
FILES = ("html", "xlsx")
"""Formats that go to a file where none is named."""
FOLDER = "核对"


def run(workspace: Workspace, options: argparse.Namespace, console: Console) -> int:
    """Check the units. Return 1 if any has an error. Raises InputError."""
    path: Path | None = options.output
    kind = options.format or (SUFFIXES.get(path.suffix.lower(), "text") if path else "text")
    wanted = targets(workspace, options.units, options.year, console, with_units=options.with_units)
    builder = Builder(workspace, cache=Cache(workspace.root))
    asked = cache(lambda name: asked_by(workspace, builder.style(name)).reasons)
    tree = Tree(workspace)
    units = (_examine(builder, tree, unit, year, asked) for unit, year in console.progress(wanted, "核对", len(wanted)))
    examination = Examination(wanted, units)
    written = _writer(kind)(examination)
    if path is None and kind not in FILES:
        for piece in written:
            console.say(piece.decode().removesuffix("\n"))
    else:
        path = path or workspace.output / FOLDER / file_name(f"{examination.title}.{kind}")
        with disk_errors(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_together(path.parent, {path.name: b"".join(written)})
        console.success(f"核对报告已写到 {workspace.relative(path)}")
        if examination.failed:
            console.failure("有错误，请看报告")
    return 1 if examination.failed else 0


def _examine(builder: Builder, tree: Tree, unit: str, year: int, asked: Callable[[str], Reasons]) -> Examined:
    """Examine a unit-year; a department is compared with its units where there are any."""
    builder.workspace.year_folder(unit, year)
    of_department, units = units_of(builder.workspace, tree, unit, year)
    try:
        accounts = open_accounts(
            builder.workspace, unit, year, builder.style, lambda style: asked(style.name), units=units,
            cache=builder.cache,
        )
        return examined(unit, year, replace(accounts, findings=(*of_department, *accounts.findings)))
    except InputError as error:
        return refused(unit, year, (*of_department, *error.findings))


def _writer(kind: str) -> Writer:
    module, function = WRITERS[kind].split(".")
    writer: Writer = getattr(import_module(f"builder.reports.{module}"), function)
    return writer
