"""The form's styles: names, ids and outline levels, read from styles.xml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.rendering import wml

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Style:
    """One style: its id in the XML, its name as Word shows it (in lower case, as Word compares), its kind."""

    id: str
    name: str
    kind: str
    based_on: str
    outline: int | None  # 0 for 标题 1; None where the style itself says nothing


class StyleSheet:
    """All styles of a .docx; looked up by id or by name and kind (paragraph, character, table, numbering)."""

    def __init__(self, root: wml.Element | None) -> None:
        self.styles: dict[str, Style] = {}
        for element in root.iterfind(wml.w("style")) if root is not None else ():
            style = _read(element)
            self.styles.setdefault(style.id, style)
        self._by_name = {(style.kind, style.name): style.id for style in reversed(self.styles.values())}

    def __iter__(self) -> Iterator[Style]:
        """Iterate over the styles in the file's order."""
        return iter(self.styles.values())

    def id_of(self, name: str, kind: str = "paragraph") -> str | None:
        """Return the id of the style with this name, None if there is none; capitals do not matter."""
        return self._by_name.get((kind, name.strip().lower()))

    def outline_level(self, style_id: str) -> int | None:
        """Return a paragraph style's outline level from 1 (标题 1) to 9, inherited ones too; None for body text."""
        seen: set[str] = set()
        while style_id in self.styles and style_id not in seen:
            seen.add(style_id)
            style = self.styles[style_id]
            if style.outline is not None:
                return style.outline + 1 if style.outline < MAX_LEVEL else None
            style_id = style.based_on
        return None

    def headings(self) -> dict[str, int]:
        """Return the paragraph styles with an outline level: id → level from 1."""
        levels = ((s.id, self.outline_level(s.id)) for s in self if s.kind == "paragraph")
        return {style_id: level for style_id, level in levels if level is not None}


def _read(element: wml.Element) -> Style:
    def value(parent: wml.Element | None, name: str) -> str:
        found = parent.find(wml.w(name)) if parent is not None else None
        return found.get(wml.w("val"), "") if found is not None else ""

    outline = value(wml.child(element, "pPr"), "outlineLvl")
    return Style(
        id=element.get(wml.w("styleId"), ""),
        name=value(element, "name").strip().lower(),
        kind=element.get(wml.w("type"), "paragraph"),
        based_on=value(element, "basedOn"),
        outline=int(outline) if outline.isdigit() else None,
    )
