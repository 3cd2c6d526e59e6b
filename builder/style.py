"""A style (风格): what ``style.yaml`` says, with what it inherits, made ready for use.

The fixed sentences of a form stand in its Word parts; the style holds what varies by case: how tables are drawn from
the ledger, indicators, charts, number formats and phrases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.accounts.definitions import Definitions
from builder.accounts.forms import Form, form_model
from builder.accounts.outlines import TableOutline, outline_of
from builder.findings import Finding, InputError, Source, errors
from builder.loading.document import Document, KnownPositions, Positions
from builder.loading.document import Path as KeyPath
from builder.loading.validation import validate
from builder.loading.yaml_reader import read_yaml
from builder.style_checks import check_sheet
from builder.style_rules import NO_RULES, StyleRules, load_rules
from builder.style_sheet import StyleSheet
from builder.wording.wording import Wording
from builder.workspace import STYLE_FILE, Workspace

OWN = "名称"
"""What a style does not inherit."""
CORRECTION = "更正说明.docx"
REPLACING, REMOVED = "替换", "删去"
"""What a style says where it does not want what it inherits."""

DEEPEST = 5
"""How many styles may inherit from one another in a row."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style ready for use: its sheet, its wording, its indicators, its Word files and every file it was read from."""

    sheet: StyleSheet
    wording: Wording
    definitions: Definitions
    base: Path
    parts: tuple[Path, ...]
    inputs: Mapping[str, str]
    positions: Positions
    forms: Mapping[str, type[Form]]
    extra: tuple[tuple[str, tuple[Path, ...]], ...] = ()
    correction: Path | None = None
    """The part that a published correction (更正说明) is made from: the style's own, or one that it inherits."""
    rules: StyleRules = NO_RULES
    tables: Mapping[str, TableOutline] = field(default_factory=dict)
    """The tables of the sheet, made ready to be drawn."""

    @property
    def word_files(self) -> tuple[Path, ...]:
        """Every Word file of the style, each once; none where it is only inherited from."""
        files = (self.base, *self.parts, *(part for _title, parts in self.extra for part in parts))
        return tuple(dict.fromkeys(files)) if self.parts else ()

    @property
    def name(self) -> str:
        """The style's name."""
        return self.sheet.name

    def title(self, unit: str, year: int) -> str:
        """Return the document's title, which is its file's name too."""
        return with_names(self.sheet.title, unit, year)


def with_names(title: str, unit: str, year: int) -> str:
    """Return a title of the style for a unit and year."""
    return title.replace("{单位}", unit).replace("{年度}", str(year))


def load_style(workspace: Workspace, name: str, at: Source | None = None) -> Style:
    """Read a style and all it inherits; ``at`` is where it is named.

    Raises InputError with everything that is wrong.
    """
    chain = _chain(workspace, name, at)
    merged: dict[str, Any] = {}
    places: dict[KeyPath, Source] = {}
    keys: dict[KeyPath, Source] = {}
    for document in reversed(chain):
        assert isinstance(document.data, dict)
        merged = _merge({key: value for key, value in merged.items() if key != OWN}, document.data)
        places.update(document.positions.items())
        keys.update(document.keys.items())
    own = chain[0]
    positions, key_places = (KnownPositions(own.path, known) for known in (places, keys))
    joined = Document(own.path, merged, positions, key_places, (), own.sha256)
    sheet, findings = validate(StyleSheet, joined)
    if sheet is None:
        raise InputError(findings)
    definitions, wrong = check_sheet(sheet, joined.positions)
    findings += wrong
    folders = [workspace.root / document.path for document in chain]
    base, parts, extra = _files(workspace, sheet, [folder.parent for folder in folders], joined, findings)
    rules = load_rules(workspace.root, [folder.parent for folder in folders], sheet, definitions, findings)
    try:
        wording = Wording.of(sheet.number_formats, sheet.phrases, joined.positions.nearest)
    except InputError as error:
        findings += error.findings
    if errors(findings):
        raise InputError(findings)
    inputs = {document.path: document.sha256 for document in chain} | dict(rules.inputs)
    forms = {kind: form_model(kind, fields) for kind, fields in sheet.forms.items()}
    correction = next((path for folder in folders if (path := folder.parent / CORRECTION).is_file()), None)
    tables = {
        name: outline_of(name, spec, wording.format(spec.number_format).step) for name, spec in sheet.tables.items()
    }
    return Style(
        sheet, wording, definitions, base, parts, inputs, joined.positions, forms, extra, correction, rules, tables
    )


def _chain(workspace: Workspace, name: str, at: Source | None) -> list[Document]:
    """Return the documents of a style and its ancestors, itself first."""
    chain: list[Document] = []
    names: list[str] = []
    findings: list[Finding] = []
    while name:
        if name in names or len(names) == DEEPEST:
            raise InputError(Finding(f"风格的「继承」绕了一圈或太深：{' → '.join([*names, name])}", at))
        folder = workspace.style_folder(name, at)
        document = read_yaml(folder / STYLE_FILE, workspace.root)
        findings += document.findings
        if not isinstance(document.data, dict):
            if not errors(findings):
                findings.append(Finding("这里应当是「名称: 内容」的写法", Source(document.path, 1, 1)))
            raise InputError(findings)
        chain.append(document)
        names.append(name)
        parent = document.data.get("继承", "")
        name, at = (parent if isinstance(parent, str) else ""), document.positions.nearest(("继承",))
    if errors(findings):
        raise InputError(findings)
    return chain


def _merge(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with what ``over`` says: mappings key by key, anything else replaced whole.

    A mapping that says ``替换: 是`` replaces the inherited one whole; a key that says ``删去`` takes it away.
    """
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        if value == REMOVED:
            merged.pop(key, None)
        elif isinstance(value, dict):
            fresh = value.get(REPLACING) == "是"
            stated = {name: inner for name, inner in value.items() if name != REPLACING}
            merged[key] = _merge(old if isinstance(old, dict) and not fresh else {}, stated)
        else:
            merged[key] = value
    return merged


def _files(
    workspace: Workspace, sheet: StyleSheet, folders: list[Path], document: Document, findings: list[Finding]
) -> tuple[Path, tuple[Path, ...], tuple[tuple[str, tuple[Path, ...]], ...]]:
    """Return the base, the parts, and the parts of extra documents by title."""

    def find(name: str, *where: str | int) -> Path:
        """Return a file of the style's own folder, or of the nearest it inherits from."""
        at = document.positions.nearest(where)
        if "/" in name or "\\" in name or name.startswith("."):
            findings.append(Finding(f"「{name}」应当只是文件名，不带文件夹", at))
            return folders[0]
        found = next((folder / name for folder in folders if (folder / name).is_file()), None)
        if found is None:
            places = "、".join(workspace.relative(folder) for folder in folders)
            message = f"在 {places} 里找不到 Word 部件「{name}」；请放回这个文件，或改正这里的文件名"
            findings.append(Finding(message, at))
        return found or folders[0] / name

    if not sheet.parts:  # a style that is only inherited from
        return folders[0] / sheet.base, (), ()
    return (
        find(sheet.base, "样式"),
        tuple(find(name, "部件", number) for number, name in enumerate(sheet.parts)),
        tuple(
            (extra.title, tuple(find(name, "另出", place, "部件", number) for number, name in enumerate(extra.parts)))
            for place, extra in enumerate(sheet.extra)
        ),
    )
