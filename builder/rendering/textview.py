"""The text view of a Word part: what it says and how it is built, one line a paragraph, for reading in a diff.

::

    ══ 纵向 210×297 毫米 ══
    [heading 1] 第三部分 {{ 年度 }}年度部门决算情况说明
    收入合计 {{ 收入.合计 | 万元 }} 万元。
    | 科目代码 | 科目名称 | 合计 |
    [图表：收入结构]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.rendering import wml
from builder.rendering.parts import Package, open_part
from builder.rendering.styles import StyleSheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TWIPS_PER_MM = 1440 / 25.4
_SIGNS = {"tab": "→", "br": "↵", "cr": "↵", "noBreakHyphen": "-"}


def text_view(path: Path) -> str:
    """Return the text view of a .docx, the same for the same content. Raises InputError where it cannot be read.

    Body paragraphs stand without their style's name if it is the document's default. Ends with a line break.
    """
    return "".join(f"{line}\n" for line in _View(open_part(path, path.parent)).lines())


class _View:
    def __init__(self, package: Package) -> None:
        self._package = package
        name = package.related(package.main, "styles")
        root = package.xml(name) if name else None
        self._styles = StyleSheet(root)
        self._links = {rel.id: rel.target for rel in package.relationships(package.main)}
        default = wml.w("default")
        styles = root.iterfind(wml.w("style")) if root is not None else ()
        self._usual = {element.get(wml.w("styleId"), "") for element in styles if element.get(default) in {"1", "true"}}

    def lines(self) -> Iterator[str]:
        """Yield the lines; a section is announced before its content, as a reader meets it."""
        body = self._package.body()
        ends = [s for s in body.iter(wml.w("sectPr")) if next(s.iterancestors(wml.w("sectPrChange")), None) is None]
        section = 0
        if ends:
            yield from self._section(ends[0])
        for element in body:
            yield from self._block(element)
            if element.find(f"{wml.w('pPr')}/{wml.w('sectPr')}") is not None and section + 1 < len(ends):
                section += 1
                yield from self._section(ends[section])

    def _section(self, properties: wml.Element) -> Iterator[str]:
        size = properties.find(wml.w("pgSz"))
        shown = ""
        if size is not None:
            width, height = (round(int(size.get(wml.w(name), "0")) / _TWIPS_PER_MM) for name in ("w", "h"))
            shown = f"{'横向' if width > height else '纵向'} {width}×{height} 毫米"
        kind = properties.find(wml.w("type"))
        start = " 接排" if kind is not None and kind.get(wml.w("val")) == "continuous" else ""
        yield f"══ {shown or '分节'}{start} ══"
        for reference in properties.iter(wml.w("headerReference"), wml.w("footerReference")):
            what = "页眉" if reference.tag == wml.w("headerReference") else "页脚"
            kind_of = {"first": "（首页）", "even": "（偶数页）"}.get(reference.get(wml.w("type"), ""), "")
            member = self._links.get(reference.get(wml.r("id"), ""), "")
            if member in self._package.members:
                for element in self._package.xml(member):
                    for line in self._block(element):
                        yield f"{what}{kind_of}：{line}"

    def _block(self, element: wml.Element) -> Iterator[str]:
        name = wml.local(element)
        if name == "p":
            yield self._paragraph(element)
        elif name == "tbl":
            for row in element.iterfind(wml.w("tr")):
                yield f"| {' | '.join(self._cell(cell) for cell in row.iterfind(wml.w('tc')))} |"
        elif name == "sdt":
            for child in element.iterfind(f"{wml.w('sdtContent')}/*"):
                yield from self._block(child)

    def _cell(self, cell: wml.Element) -> str:
        span = cell.find(f"{wml.w('tcPr')}/{wml.w('gridSpan')}")
        merge = cell.find(f"{wml.w('tcPr')}/{wml.w('vMerge')}")
        text = "↵".join(line for element in cell for line in self._block(element))
        if merge is not None and merge.get(wml.w("val"), "continue") == "continue":
            text = f"〃{text}"
        return f"{text}‹{span.get(wml.w('val'))}栏›" if span is not None else text

    def _paragraph(self, paragraph: wml.Element) -> str:
        style = paragraph.find(f"{wml.w('pPr')}/{wml.w('pStyle')}")
        style_id = style.get(wml.w("val"), "") if style is not None else ""
        found = self._styles.styles.get(style_id)
        prefix = f"[{found.name if found else style_id}] " if style_id and style_id not in self._usual else ""
        return f"{prefix}{''.join(self._inline(paragraph))}".rstrip()

    def _inline(self, paragraph: wml.Element) -> Iterator[str]:
        for element in wml.own(paragraph, "t", "tab", "br", "cr", "noBreakHyphen", "instrText", "fldSimple", "drawing"):
            name = wml.local(element)
            if name == "t":
                yield element.text or ""
            elif name == "instrText":
                yield f"⟨{' '.join((element.text or '').split())}⟩"
            elif name == "fldSimple":
                yield f"⟨{' '.join(element.get(wml.w('instr'), '').split())}⟩"
            elif name == "drawing":
                yield from self._drawing(element)
            elif name == "br" and element.get(wml.w("type")) == "page":
                yield "⟨分页⟩"
            elif wml.in_run(element):
                yield _SIGNS[name]

    def _drawing(self, drawing: wml.Element) -> Iterator[str]:
        properties = next(drawing.iter(f"{{{wml.WP_NS}}}docPr"), None)
        alt = properties.get("descr", "") if properties is not None else ""
        chart = next(drawing.iter(f"{{{wml.C_NS}}}chart"), None) is not None
        boxes = [
            "↵".join(self._paragraph(p) for p in box.iter(wml.w("p"))) for box in drawing.iter(wml.w("txbxContent"))
        ]
        if boxes:
            yield f"[文本框：{'；'.join(boxes)}]"
        else:
            yield f"[{alt}]" if alt.startswith(("图表：", "图表:")) else f"[{'图表' if chart else '图片'}：{alt}]"
