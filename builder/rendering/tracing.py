"""Tracing: a form compiled so that whatever its tags print is noted down, with the tag and the value it came from.

A traced document is not for reading; it tells of each passage which words are the form's, and which tag printed others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from lxml import etree

from builder.rendering.bookmarks import bookmarked
from builder.rendering.compiling import CompiledForm, FormFiles, Rendered, open_form
from builder.rendering.environment import FormEnvironment
from builder.rendering.generating import FormCodeGenerator, StoryCodeGenerator
from builder.rendering.marks import printed_sign
from builder.rendering.passages import Passage, Walk
from builder.rendering.printing import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.compiler import Frame

    from builder.findings import Source
    from builder.rendering.environment import Vocabulary
    from builder.rendering.tags import Place

AFTER_IDS = 1_000_000
"""More than any bookmark of a form is numbered."""


class _TracingCodeGenerator(FormCodeGenerator):
    """The compiler of texts outside the stories, with the line of the tag given to what prints."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        del frame, finalize
        self.write(f"environment.traced({node.lineno}, {getattr(node, 'printed_as', TEXT)!r}, ")


class _TracingStoryGenerator(_TracingCodeGenerator, StoryCodeGenerator):
    """The compiler of stories, with the same; every tag prints by itself."""

    in_patterns = False


@dataclass(frozen=True, slots=True)
class Print:
    """One thing that a tag printed: the line of the tag, and what the caller noted about the value."""

    line: int
    origin: object


class TracingEnvironment(FormEnvironment):
    """An environment that notes down what is printed."""

    code_generator_class = _TracingCodeGenerator
    story_generator_class = _TracingStoryGenerator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prints: list[Print] = []
        self.note: Callable[[object], object] = lambda value: value

    def traced(self, line: int, kind: str, value: Any) -> str:
        """Print a value and note it down; text carries the number of its note."""
        text: str = getattr(self, kind)(value)
        self.prints.append(Print(line, self.note(value)))
        return printed_sign(len(self.prints) - 1, text) if kind == TEXT and text else text


@dataclass(frozen=True, slots=True)
class TracedPart:
    """What one part of a form became: its passages, and of what was printed in it each tag's place in the part."""

    source: Source
    passages: tuple[Passage, ...]
    places: dict[int, Place] = field(default_factory=dict)


class TracedForm:
    """A form compiled for tracing; one document at a time."""

    def __init__(self, files: FormFiles, vocabulary: Vocabulary) -> None:
        self.compiled = CompiledForm(open_form(files), vocabulary, TracingEnvironment)

    def trace(
        self, render: Callable[[CompiledForm], Rendered], note: Callable[[object], object]
    ) -> tuple[list[TracedPart], list[object]]:
        """Return the parts of a document and the origin of all that is printed in it. Raises InputError.

        ``render`` renders the form it is given; ``note`` is called with each value when it is printed.
        """
        environment = self.compiled.environment
        assert isinstance(environment, TracingEnvironment)
        environment.prints, environment.note = [], note
        rendered = render(self.compiled)
        before, after = (piece.encode() for piece in self.compiled.around)
        walk = Walk(self.compiled.styles)
        parts = []
        for story, body in zip(self.compiled.stories, rendered.bodies, strict=True):
            root = etree.fromstring(b"".join((before, *bookmarked([body], AFTER_IDS), after)))
            found = walk.passages(root[0])
            numbers = {segment.printed for passage in found for segment in passage.segments} - {None}
            places = {number: story.place(environment.prints[number].line) for number in numbers if number is not None}
            known = {number: story.story.places[place] for number, place in places.items() if place is not None}
            parts.append(TracedPart(story.story.source, found, known))
        return parts, [print_.origin for print_ in environment.prints]
