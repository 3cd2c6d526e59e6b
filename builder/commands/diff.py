"""``juesuan diff``: what has changed since a release, and why."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from builder.building import Builder
from builder.console import Console
from builder.findings import Finding, InputError, Level, errors
from builder.releases.as_json import json_text
from builder.releases.as_text import text_lines
from builder.releases.causes import Difference, difference
from builder.releases.reading import Release, opened
from builder.releases.restated import restated
from builder.releases.snapshots import NOW, Snapshot, snapshot_now
from builder.releases.stale import stale
from builder.releases.telling import unexplained
from builder.tracing import Tracer
from builder.workspace import Workspace
from builder.writing import disk_errors, write_together

SUFFIXES = {".txt": "text", ".json": "json", ".html": "html", ".htm": "html", ".docx": "docx"}
NAMES = {"html": "差异.html", "docx": "更正说明.docx"}
"""Formats that go to a file where none is named, and that file's name."""


def run(workspace: Workspace, options: argparse.Namespace, console: Console) -> int:
    """Compare a release with another or with the present inputs. Return 1 where a change has no cause.

    Raises InputError.
    """
    unit, year = options.unit, options.year
    path: Path | None = options.output
    kind = options.format or (SUFFIXES.get(path.suffix.lower(), "text") if path else "text")
    released = opened(workspace, unit, year, options.old)
    corrected = None if options.new == NOW else opened(workspace, unit, year, options.new)
    builder = Builder(workspace)
    old = released.snapshot()
    new = corrected.snapshot() if corrected else snapshot_now(builder, Tracer(builder), unit, year, draft=True)
    found = difference(builder, old, new)
    moved = restated(found, builder.accounts(unit, year)) if corrected is None else ()
    findings = [*stale(old, new, [each.change for each in found.changes]), *moved, *_unfit(new), *unexplained(found)]
    if kind == "docx":
        data = _correction(builder, found, findings, (released, corrected), options.note)
    else:
        data = _report(found, kind, findings)
    if path is None and kind not in NAMES:
        console.say(data.decode().removesuffix("\n"))
    else:
        path = path or workspace.output / str(year) / unit / NAMES[kind]
        with disk_errors(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_together(path.parent, {path.name: data})
        console.success(f"已写到 {workspace.relative(path)}（{len(found.changes)} 处不同）")
    console.findings(findings)
    return 1 if found.unexplained else 0


def _report(found: Difference, kind: str, findings: Sequence[Finding]) -> bytes:
    if kind == "text":
        return "".join(f"{line}\n" for line in text_lines(found)).encode()
    if kind == "json":
        return json_text(found).encode()
    from builder.releases.as_html import page  # noqa: PLC0415 - loaded only where it is asked for

    return page(found, findings).encode()


def _correction(
    builder: Builder, found: Difference, findings: Sequence[Finding], versions: tuple[Release, Release | None],
    note: str,
) -> bytes:
    """Return 更正说明.docx. Raises InputError where there is nothing to correct, or errors that come first."""
    from builder.releases.correction import correction  # noqa: PLC0415

    released, corrected = versions
    if not found.changes:
        raise InputError(f"与发布 {released.number} 相比，文档没有差异，不需要更正说明")
    if errors(findings):
        raise InputError([*findings, Finding("没有写更正说明；请先改正上面的错误")])
    return correction(
        builder, found, builder.accounts(released.unit, released.year), released=released.date,
        corrected=corrected.date if corrected else "", note=note or (corrected.note if corrected else ""),
    )


def _unfit(new: Snapshot) -> list[Finding]:
    """Return why the present inputs cannot be released yet: shown as they are, they are a draft."""
    return [Finding(found.message, found.source, Level.ERROR) for found in errors(new.findings)]
