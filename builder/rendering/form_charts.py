"""The charts of a form: native Word charts whose 替代文字 (alt text) names the data they show, 「图表：收入结构」."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from builder.findings import Finding, InputError
from builder.rendering import wml
from builder.rendering.bookmarks import unmarked
from builder.rendering.charts import CompiledChart, compile_chart
from builder.rendering.suggestions import is_it
from builder.rendering.tags import find_tags
from builder.rendering.wml import Element

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jinja2 import Environment, Template

    from builder.rendering.charts import ChartData
    from builder.rendering.joining import Joined, Story

_NAMED = re.compile(r"^\s*图表\s*[：:]\s*(.*?)\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FormChart:
    """One chart of a form: compiled, with its place in the package and in the document."""

    compiled: CompiledChart
    texts: tuple[Template, ...]
    link_id: str
    member: str
    workbook: str
    story: Story
    place: str

    @property
    def members(self) -> tuple[str, str]:
        """The members of the package that hold the chart and its data."""
        return self.member, self.workbook

    def is_shown(self, document: bytes) -> bool:
        """Tell whether the rendered document has the chart; a condition may have left it out."""
        return f'r:id="{self.link_id}"'.encode() in document

    def finding(self, message: str) -> Finding:
        """Return a finding at the chart."""
        return Finding(f"{self.place}：{message}", self.story.source)

    def check(self, series: Mapping[str, int]) -> Finding | None:
        """Return what is wrong with the chart where data of so many series, by name, is all there is."""
        if self.compiled.name not in series:
            return self._unknown(series)
        mistake = self.compiled.series_mistake(series[self.compiled.name])
        return self.finding(mistake) if mistake else None

    def _unknown(self, charts: Iterable[str]) -> Finding:
        hint = f"没有名为「{self.compiled.name}」的图表数据{is_it(self.compiled.name, charts)}"
        return self.finding(f"{hint}请在 style.yaml 的“图表”中给出，或改正图表的替代文字。")

    def render(self, charts: Mapping[str, ChartData], names: dict[str, Any]) -> list[tuple[str, bytes]]:
        """Return the chart's members with its data; raise InputError."""
        name = self.compiled.name
        if name not in charts:
            raise InputError(self._unknown(charts))
        try:
            texts = ["".join(t.root_render_func(t.new_context(names, shared=True))) for t in self.texts]
            texts = [unescape(unmarked(text.encode()).decode()) for text in texts]
            chart, workbook = self.compiled.render(charts[name], texts)
        except InputError as error:
            raise InputError([self.finding(f.message) for f in error.findings]) from error
        except TemplateError as error:
            raise InputError(self.finding(f"图表「{name}」里的标签不能执行：{error.message}")) from error
        return [(self.member, chart), (self.workbook, workbook)]


def compile_charts(joined: Joined, environment: Environment) -> list[FormChart]:
    """Compile every chart of the joined parts; raise InputError with all that is wrong with them."""
    findings = [
        header.finding("页眉或页脚里有图表，里面的数换不了。请把图表移到正文。")
        for header in joined.headers.values()
        if _drawn(header.root)
    ]
    found: list[FormChart] = []
    targets = {link.id: link.target for link in joined.copier.document_links}
    for story in joined.stories:
        for number, (chart, text) in enumerate(_drawn(story.root), 1):
            link_id = chart.get(wml.r("id"), "")
            place = f"第{number}个图表"
            named = _NAMED.match(text)
            if not named or not named[1]:
                what = f"{place}的替代文字是「{text}」" if text else f"{place}没有替代文字"
                how = "请在 Word 中右键图表“编辑替代文字”，写成“图表：名称”，名称与 style.yaml 中的一致。"
                findings.append(Finding(f"{what}，不知道它要画哪些数。{how}", story.source))
                continue
            member = targets[link_id]
            links = joined.copier.member_links.get(member, [])
            workbook = next((link.target for link in links if link.kind == "package"), "")
            try:
                compiled = compile_chart(joined.copier.members[member], joined.copier.members.get(workbook), named[1])
                texts = tuple(_text_template(text, environment) for text in compiled.texts)
            except InputError as error:
                findings += [Finding(f"{place}：{f.message}", story.source) for f in error.findings]
                continue
            found.append(FormChart(compiled, texts, link_id, member, workbook, story, place))
    if findings:
        raise InputError(findings)
    return found


def _drawn(root: Element) -> list[tuple[Element, str]]:
    """Return each chart in a body and its alt text."""
    drawn = []
    for chart in root.iter(f"{{{wml.C_NS}}}chart"):
        frame = next(chart.iterancestors(f"{{{wml.WP_NS}}}inline", f"{{{wml.WP_NS}}}anchor"), None)
        properties = frame.find(f"{{{wml.WP_NS}}}docPr") if frame is not None else None
        drawn.append((chart, properties.get("descr", "") if properties is not None else ""))
    return drawn


def _text_template(text: str, environment: Environment) -> Template:
    """Compile a chart's own text with tags, such as its title."""
    pieces: list[str] = []
    at = 0
    for start, end, tag in find_tags(text):
        if not hasattr(tag, "source"):
            raise InputError(tag.message)
        pieces += (text[at:start], tag.source(marked=False))
        at = end
    try:
        return environment.from_string("".join((*pieces, text[at:])))
    except TemplateError as error:
        raise InputError(f"图表文字「{text}」里的标签写法有误（{error.message}）。") from error
