"""How fast documents are made: rendering and packing against docxtpl's own, and a whole build by stage.

Run by ``make bench``. Everything is measured warm, on one core, in one process, side by side: the same source (the
joined form with its tags), the same context, the same environment. Times are medians, in milliseconds.
"""

from __future__ import annotations

import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from docxtpl import DocxTemplate

from builder.accounting import open_accounts
from builder.building import Builder, chart_data, context_of, open_book, write_document
from builder.loading.subjects import load_subjects
from builder.loading.unit import load_year
from builder.manifest import manifest_text
from builder.workspace import Workspace, find_workspace

RUNS = 21
SLOW_RUNS = 7


def milliseconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median time of several runs, after one that warms up."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def measure(workspace: Workspace, unit: str, year: int) -> None:
    """Measure one unit-year and print what came of it."""
    builder = Builder(workspace)
    built = builder.build(unit, year, draft=True)
    accounts = builder.accounts(unit, year)
    form = builder.form(accounts.unit_year.card.style)
    account = open_book(accounts, year)
    context = context_of(account, accounts, form)
    charts = {name: chart_data(account, spec) for name, spec in form.style.sheet.charts.items()}
    source = form.compiled.source_docx()
    subjects, _notes = load_subjects(workspace.root, year)

    def render() -> object:
        return form.compiled.render(context, charts=charts, pages=None, title=built.title, draft=False)

    def render_docxtpl() -> None:
        template = DocxTemplate(io.BytesIO(source))
        template.render(context, form.compiled.environment, autoescape=True)
        template.save(io.BytesIO())

    def contextual() -> None:
        book = open_book(accounts, year)
        context_of(book, accounts, form)
        for spec in form.style.sheet.charts.values():
            chart_data(book, spec)

    ours, theirs = milliseconds(render), milliseconds(render_docxtpl, SLOW_RUNS)
    size = f"{len(built.rendered.docx) / 1024:.0f} KB，document.xml {len(built.rendered.text) / 1024:.0f} K 字"
    print(f"{unit} {year}：{size}")
    print(f"渲染和打包      {ours:8.2f} 毫秒")
    print(f"docxtpl 的 render + save（同一来源、同一上下文）{theirs:8.2f} 毫秒，是前者的 {theirs / ours:.1f} 倍")
    loading = milliseconds(lambda: load_year(workspace.root, unit, year, subjects))
    opening = milliseconds(lambda: open_accounts(workspace, unit, year, builder.style))
    with tempfile.TemporaryDirectory() as folder:
        stages = {
            "读取 YAML 和 Markdown": loading,
            "账、表、指标": opening - loading,
            "正文用的名称": milliseconds(contextual),
            "渲染和打包": ours,
            "清单": milliseconds(
                lambda: manifest_text(accounts, built.title, built.rendered.docx, form.files, draft=False)
            ),
            "写盘": milliseconds(lambda: write_document(Path(folder), built, built.title)),
        }
        whole = milliseconds(
            lambda: write_document(Path(folder), builder.build(unit, year, draft=True), built.title)
        )
    for name, taken in stages.items():
        print(f"  {name}\t{taken:8.2f} 毫秒")
    print(f"整个生成（从资料到写好的文档）{whole:8.2f} 毫秒")
    print(f"render x{theirs / ours:.1f} pipeline x{theirs / whole:.1f}")


def main(words: list[str]) -> None:
    """Measure the units named, or the first one, each in its latest year."""
    workspace = find_workspace(Path(__file__).resolve().parent)
    for unit in words or workspace.units()[:1]:
        measure(workspace, unit, workspace.years(unit)[-1])


if __name__ == "__main__":
    main(sys.argv[1:])
