"""A unit-year at one moment: its documents, every figure and line of them, and the inputs; now, or as released."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builder.building import Builder, Built
from builder.findings import Finding
from builder.releases.lines import Line, lines_of
from builder.releases.states import State, state_of
from builder.tracing import Tracer
from builder.writing import file_name

NOW = "现在"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything about a unit-year at one moment.

    ``name`` says which (``001``, or 现在); ``documents`` are the .docx by file name, the main one first; ``manifest``
    is that of `builder.manifest`; ``lines`` are those of all documents in order.
    """

    name: str
    title: str
    style: str
    documents: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    lines: tuple[Line, ...]
    state: State
    findings: tuple[Finding, ...] = ()
    paginated: bool = True


def documents_of(built: Built) -> dict[str, bytes]:
    """Return the documents of a build by the names of their files, the main one first."""
    documents = {built.title: built.rendered.docx} | dict(built.apart)
    return {f"{file_name(title)}.docx": docx for title, docx in documents.items()}


def snapshot_now(builder: Builder, tracer: Tracer, unit: str, year: int, *, draft: bool = False) -> Snapshot:
    """Build and trace a unit-year as it is now. Raises InputError with everything that stops a build."""
    accounts = builder.accounts(unit, year)
    style = accounts.style.name
    state = state_of(builder.workspace, accounts, builder.form(style))
    built = builder.build(unit, year, draft=draft)
    traces = tracer.traces(unit, year)
    return Snapshot(
        NOW, built.title, style, documents_of(built),
        json.loads(built.manifest),
        tuple(line for title, trace in traces.items() for line in lines_of(title, trace)),
        state, built.findings, built.rendered.paginated,
    )
