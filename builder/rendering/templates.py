"""One story of a form (a part's body, a header or footer) as a Jinja template whose errors lead back to paragraphs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast
from xml.parsers import expat

from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError

from builder.findings import Finding, InputError
from builder.rendering.diagnosing import diagnose, explained
from builder.rendering.environment import MissingNameError
from builder.rendering.soundness import prove
from builder.rendering.suggestions import is_it
from builder.rendering.tags import mark_lines, without_marks
from builder.rendering.wml import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from builder.rendering.environment import FormEnvironment
    from builder.rendering.joining import Story

# What a filter or an expression in a form can raise over the values it meets; anything else is a fault of the program.
_FROM_TEMPLATES = (TemplateError, InputError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
_WORDS = re.compile(r"<[^>]*>")


class StoryTemplate:
    """A compiled story; raises InputError with all broken tags.

    ``tagged`` tells whether anything in it varies, ``proved`` whether it gives sound XML whatever its values are.
    """

    def __init__(
        self, story: Story, xml: str, environment: FormEnvironment, around: tuple[str, str] | None = None
    ) -> None:
        self.story = story
        self.tagged = any(opening in xml for opening in ("{{", "{%", "{#"))
        self.source = without_marks(xml)
        if findings := diagnose(story, environment):
            raise InputError(findings)
        # docxtpl is what defines the tag language, so it makes Jinja's source of it; it needs no file for that
        source, self._places = mark_lines(DocxTemplate("").patch_xml(xml))
        try:
            self.tree = environment.parse(source)
            self.proved = around is not None and prove(self.tree, around)
            self._template = environment.story(self.tree)
        except TemplateSyntaxError as error:
            raise InputError(story.finding(f"标签写法有误：{explained(error)}", self.place(error.lineno))) from error

    def place(self, line: int | None) -> int | None:
        """Return the index of the place that a line of the Jinja source belongs to."""
        return self._places[line - 1] if line and line <= len(self._places) else None

    def render(self, context: dict[str, Any]) -> bytes:
        """Return the story's XML, as UTF-8, for a context that includes the environment's globals; raise InputError."""
        if not self.tagged:
            return self.source.encode()
        template = self._template
        try:
            pieces = template.root_render_func(template.new_context(context, shared=True))
            return b"".join(cast("Iterator[bytes]", pieces))
        except _FROM_TEMPLATES as error:
            raise InputError(self._findings(error, context)) from error

    def _findings(self, error: Exception, context: Mapping[str, object]) -> list[Finding]:
        place = self.place(self._line(error.__traceback__))
        if isinstance(error, InputError):
            return [
                Finding(f"{f.message}（用于 {self.story.source} {self.story.places[place]}）", f.source, f.level)
                if f.source and place is not None
                else self.story.finding(f.message, place)
                for f in error.findings
            ]
        if isinstance(error, MissingNameError):
            message = f"没有「{error.name}」这个名称{is_it(error.name, error.known or context)}"
        elif isinstance(error, TemplateError):
            message = f"不能执行：{error.message}"
        else:
            message = f"不能计算（{type(error).__name__}: {error}）。请检查标签里的名称和过滤器是否配得上。"
        return [self.story.finding(message, place)]

    def _line(self, traceback: TracebackType | None) -> int | None:
        """Return the template line that was being rendered."""
        line = None
        while traceback is not None:
            if traceback.tb_frame.f_globals.get("__jinja_template__") is self._template:
                line = self._template.get_corresponding_lineno(traceback.tb_lineno)
            traceback = traceback.tb_next
        return line

    def unsound(self, rendered: bytes, around: tuple[str, str]) -> Finding | None:
        """Return a finding if the rendered story is no sound XML between the two given pieces, None if it is."""
        whole = b"".join((around[0].encode(), rendered, around[1].encode()))
        parser = expat.ParserCreate()
        try:
            parser.Parse(whole, True)
        except expat.ExpatError as error:
            before = whole[: parser.ErrorByteIndex].decode(errors="ignore")
            start = max(before.rfind("<w:p>"), before.rfind("<w:p "), 0)
            after = whole[len(before[:start].encode()) :].decode(errors="ignore")
            text = shortened(_WORDS.sub("", after.partition("</w:p>")[0]))
            number = len(re.findall(r"<w:p[ >]", before))
            return Finding(
                f"生成后的第{number}段「{text}」不是完整的 Word 内容（{expat.ErrorString(error.code)}）。"
                "多半是 {%p if %}、{%tr for %} 与它们的结尾不在同一层（一个在表格里、一个在表格外）。",
                self.story.source,
            )
        return None
