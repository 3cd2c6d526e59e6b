"""The files of one folder of a unit, read one after the other: what they hold, and everything that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

from builder.accounts.money import AmountUnit
from builder.findings import Finding, InputError, errors

from .cache import KeptFiles
from .document import Document
from .folder import Folder
from .validation import validate
from .yaml_reader import document_of, missing_document

PLACES = 2
"""Decimals that amounts may have in a file's unit."""

UNITS = {unit.value: unit for unit in AmountUnit}
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(slots=True)
class Reader:
    """Reads the files of one folder and keeps what was read and what is wrong."""

    folder: Folder
    kept: KeptFiles | None = None
    inputs: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def raise_errors(self) -> None:
        """Raise ``InputError`` with all findings where one of them is an error."""
        if errors(self.findings):
            raise InputError(ordered(self.findings))

    def document(self, name: str, *, required: bool) -> Document:
        """Read a YAML file, keeping its hash and findings."""
        if not required and name not in self.folder:
            return missing_document(name)
        read = self.kept.document if self.kept else document_of
        document = read(self.folder.read(name), required=required)
        self.findings += document.findings
        if document.sha256:
            self.inputs[document.path] = document.sha256
        return document

    def validated(self, model: type[ModelT], document: Document, places: int) -> ModelT | None:
        """Return the model of a document, keeping the findings."""
        loaded, findings = validate(model, document, {"unit": amount_unit(document), "places": places})
        self.findings += findings
        return loaded

    def required(self, model: type[ModelT], name: str) -> tuple[ModelT | None, Document]:
        """Read a file that must be there."""
        document = self.document(name, required=True)
        return self.validated(model, document, PLACES), document

    def optional(self, model: type[ModelT], name: str, places: int = PLACES) -> tuple[ModelT | None, Document]:
        """Read a file that may be missing; it is then as if it were empty."""
        document = self.document(name, required=False)
        return self.validated(model, document, places), document


def ordered(findings: list[Finding]) -> list[Finding]:
    """Return findings file by file, as the files were read, and in each by line."""
    files = list(dict.fromkeys(finding.source.path if finding.source else "" for finding in findings))
    return sorted(
        findings, key=lambda finding: (files.index(finding.source.path), finding.source) if finding.source else (-1,)
    )


def amount_unit(document: Document) -> AmountUnit:
    """Return the unit in which a document gives amounts; where it is wrong or missing, 万元."""
    declared: Any = document.data.get("金额单位") if isinstance(document.data, dict) else None
    return UNITS.get(declared, AmountUnit.WAN) if isinstance(declared, str) else AmountUnit.WAN
