"""``juesuan paginate``: measure the page numbers of the contents and keep them in the unit's year folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from builder.building import Builder
from builder.commands.targets import targets
from builder.console import Console
from builder.findings import InputError
from builder.loading.unit import PAGES
from builder.rendering.compiling import Rendered
from builder.rendering.pagination import measure_pages
from builder.rendering.soffice import find_soffice
from builder.workspace import Workspace
from builder.writing import disk_errors, write_together

HEAD = """\
# 目录的页码，由 juesuan paginate 量出；内容改动后请重新量。不必手工修改。
"""


def run(workspace: Workspace, units: Sequence[str], year: int | None, console: Console) -> int:
    """Measure the units' pages; one that fails stops no other. Return 1 if any failed."""
    wanted = targets(workspace, units, year, console)
    soffice = find_soffice()
    builder = Builder(workspace)
    failed = 0
    for unit, of_year in console.progress(wanted, "量页码", len(wanted)):
        try:
            rendered = builder.build(unit, of_year, draft=True, paginate=True).rendered
            pages = measure_pages(rendered.docx, [heading.bookmark for heading in rendered.headings], soffice=soffice)
            folder = workspace.year_folder(unit, of_year)
            with disk_errors(folder):
                write_together(folder, {PAGES: pages_file(rendered, pages).encode()})
            console.success(f"已量 {len(pages)} 个标题的页码：{workspace.relative(folder / PAGES)}")
        except InputError as error:
            failed += 1
            console.findings(error.findings)
            console.failure(f"没有量出：{unit} {of_year} 年度")
    return 1 if failed else 0


def pages_file(rendered: Rendered, pages: Mapping[str, str]) -> str:
    """Return the text of 页码.yaml: what was measured, and the page of each heading."""
    lines = [HEAD, f"正文: {rendered.layout}\n", "页码:\n"]
    lines += [f"  {heading.bookmark}: {pages[heading.bookmark]}  # {heading.text}\n" for heading in rendered.headings]
    return "".join(lines)
