"""``juesuan build``: documents from content to output."""

from __future__ import annotations

import argparse

from builder.building import Builder, Built, write_document
from builder.commands.targets import targets
from builder.console import Console
from builder.findings import InputError
from builder.rendering.soffice import convert_to_pdf, find_soffice
from builder.workspace import Workspace

DRAFT = "（草稿）"


def run(workspace: Workspace, options: argparse.Namespace, console: Console) -> int:
    """Build the units; one that fails stops no other. Return 1 if any failed."""
    wanted = targets(workspace, options.units, options.year, console)
    soffice = find_soffice() if options.pdf else None
    builder = Builder(workspace)
    failed = 0
    for unit, year in console.progress(wanted, "生成"):
        try:
            built = builder.build(unit, year, draft=options.draft)
            console.findings(built.findings)
            name = built.title + (DRAFT if options.draft else "")
            folder = (options.out or workspace.output) / str(year) / unit
            paths = write_document(folder, built, name)
            for path in paths:
                console.success(f"已生成 {workspace.relative(path)}")
            if not built.rendered.paginated:
                console.note(no_pages(built))
            for path in paths if soffice is not None else []:
                pdf = path.with_suffix(".pdf")
                convert_to_pdf(path, pdf, soffice=soffice)
                console.success(f"已生成 {workspace.relative(pdf)}")
        except InputError as error:
            failed += 1
            console.findings(error.findings)
            console.failure(f"没有生成：{unit} {year} 年度")
    if failed and len(wanted) > 1:
        console.failure(f"{len(wanted)} 份中有 {failed} 份没有生成")
    return 1 if failed else 0


def no_pages(built: Built) -> str:
    """Return the line that says why the contents have no page numbers."""
    command = f"juesuan paginate {built.unit} --year {built.year}"
    return f"目录没有页码（没有量过，或量过之后内容有改动）；需要时运行：{command}"
