"""Where in a form's Word parts a fixed sentence stands."""

from __future__ import annotations

from pathlib import Path

from builder.rendering.parts import open_part
from builder.rendering.passages import Passage
from builder.rendering.tags import Place, placed_paragraphs
from builder.rendering.tracing import TracedPart


class FormPlaces:
    """Looks up paragraphs of the parts below a folder; each part is read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[str, list[Place]] = {}

    def where(self, part: TracedPart, passage: Passage, fixed: str) -> str:
        """Return the paragraph that has these fixed words, as it is looked up in Word; nothing where there is none."""
        printed = (segment.printed for segment in passage.segments if segment.printed is not None)
        place = next((part.places[number] for number in printed if number in part.places), None)
        words = fixed.strip()
        if place is None and words:
            line = max(words.split("\n"), key=len)
            place = next((known for known in self._places(part.source.path) if line in known.text), None)
        return f"的{place}" if place is not None else ""

    def _places(self, path: str) -> list[Place]:
        if path not in self._known:
            body = open_part(self.root / path, self.root).body()
            self._known[path] = [place for _paragraph, place in placed_paragraphs(body)]
        return self._known[path]
