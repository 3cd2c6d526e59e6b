"""How fast documents are made: rendering and packing against other programs', and a whole build by stage.

Run by ``make bench``. Everything is measured warm, on one core, in one process, in turns: each round runs every work
once, so that what else the machine does slows all of them alike. docxtpl gets the same source (the joined form with its
tags), the same context and the same environment; docxtemplater and carbone, under Node.js, a document of the same
shape (others.py). Times are medians, in milliseconds. The last line sums up: how many times docxtpl's render + save
our rendering and packing is, and the whole way from the files of a unit to the written document.
"""

from __future__ import annotations

import gc
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from docxtpl import DocxTemplate
from others import Unavailable, medians

from builder.accounting import case_of, open_accounts
from builder.building import Builder, Built, context_of, open_book, write_document
from builder.charting import chart_data
from builder.checks.engine import run
from builder.checks.rules import rules_with
from builder.findings import InputError
from builder.loading.cache import Cache
from builder.loading.subjects import load_subjects
from builder.loading.unit import load_year
from builder.manifest import manifest_text
from builder.workspace import Workspace, find_workspace

ROUNDS = 15
EXAMPLE = "鄂州市医疗保障服务中心"

WHOLE, OPENING, RENDERING, DOCXTPL = "整个生成", "读资料、算账、核对", "渲染和打包", "docxtpl"
READING, CHECKING, NAMING = "读取，有缓存", "勾稽关系", "正文用的名称"
UNCACHED, WHOLE_UNCACHED = "读取，没有缓存", "整个生成，没有缓存"
MANIFEST, WRITING = "清单", "写盘"

Works = Mapping[str, Callable[[], object]]


def milliseconds(works: Works) -> tuple[dict[str, float], dict[str, float]]:
    """Return each work's median time of ``ROUNDS`` rounds, after one that warms up: by the clock, and the processor's.

    What else the machine does, and the disk, lengthen the first; the second they hardly touch.
    """
    clock: dict[str, list[float]] = {name: [] for name in works}
    processor: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS + 1):
        for name, work in works.items():
            gc.collect()  # what one work leaves behind is not counted to the next
            start, used = time.perf_counter(), time.process_time()
            work()
            clock[name].append(time.perf_counter() - start)
            processor[name].append(time.process_time() - used)
    return _medians(clock), _medians(processor)


def _medians(times: Mapping[str, list[float]]) -> dict[str, float]:
    return {name: statistics.median(taken[1:]) * 1000 for name, taken in times.items()}


def measure(workspace: Workspace, unit: str, year: int) -> None:
    """Measure one unit-year and print what came of it."""
    builder = Builder(workspace)
    start = time.perf_counter()
    try:
        built, draft = builder.build(unit, year), False
    except InputError:  # of a unit with errors there is only a draft, which is marked on every page
        built, draft = builder.build(unit, year, draft=True), True
    first = (time.perf_counter() - start) * 1000
    with tempfile.TemporaryDirectory() as folder:
        taken, processor = milliseconds(works(builder, unit, year, built, Path(folder), draft=draft))
    size = f"{len(built.rendered.docx) / 1024:.0f} KB，document.xml {len(built.rendered.text) / 1024:.0f} K 字"
    print(f"{unit} {year}：{size}；第一份连同读格式、编译 {first:.0f} 毫秒，其后每一份（中位数，分段为处理器时间）：")
    print_stages(processor)
    print(f"  没有资料缓存时：读取 {processor[UNCACHED]:.2f}，整个生成 {processor[WHOLE_UNCACHED]:.2f}")
    print_programs(taken, built)
    print(f"处理器时间：{WHOLE} {processor[WHOLE]:.1f}，{DOCXTPL} {processor[DOCXTPL]:.1f}；{_times(processor)}")
    print(_times(taken))


def _times(taken: Mapping[str, float]) -> str:
    theirs = taken[DOCXTPL]
    return f"render x{theirs / taken[RENDERING]:.1f} pipeline x{theirs / taken[WHOLE]:.1f}"


def works(builder: Builder, unit: str, year: int, built: Built, folder: Path, *, draft: bool) -> Works:
    """Return the whole build, its stages one by one, and docxtpl's rendering.

    The whole and its stages are those of a unit that was built before: its parsed facts are kept. What it takes without
    them, as the first time, is measured beside it.
    """
    workspace = builder.workspace
    builder.cache = Cache(workspace.root, writes=True)
    uncached = replace(builder, cache=None)
    accounts = builder.accounts(unit, year)
    unit_year, style = accounts.unit_year, accounts.style
    form = builder.form(unit_year.card.style)
    account = open_book(accounts, year)  # without the marks of written texts, of which docxtpl makes nothing
    context = context_of(account, accounts, form)
    charts = {name: chart_data(account, spec) for name, spec in style.sheet.charts.items()}
    subjects, _notes = load_subjects(workspace.root, year)
    case, rules = case_of(unit_year, style, subjects, accounts.indicators), rules_with(style.rules.rules)
    source = form.compiled.source_docx()

    def name_all() -> None:
        book = open_book(accounts, year, marked=True)
        context_of(book, accounts, form)
        for spec in style.sheet.charts.values():
            chart_data(book, spec)

    def render_docxtpl() -> None:
        template = DocxTemplate(io.BytesIO(source))
        template.render(context, form.compiled.environment, autoescape=True)
        template.save(io.BytesIO())

    return {
        DOCXTPL: render_docxtpl,
        WHOLE: lambda: write_document(folder, builder.build(unit, year, draft=draft), built.title),
        RENDERING: lambda: form.compiled.render(context, charts=charts, pages=None, title=built.title),
        WHOLE_UNCACHED: lambda: write_document(folder, uncached.build(unit, year, draft=draft), built.title),
        OPENING: lambda: open_accounts(workspace, unit, year, builder.style, cache=builder.cache),
        READING: lambda: load_year(workspace.root, unit, year, subjects, builder.cache),
        UNCACHED: lambda: load_year(workspace.root, unit, year, subjects),
        CHECKING: lambda: run(rules, case, style.rules.severities),
        NAMING: name_all,
        MANIFEST: lambda: manifest_text(accounts, built.title, built.rendered.docx, form.files, draft=False),
        WRITING: lambda: write_document(folder, built, built.title),
    }


def print_stages(taken: Mapping[str, float]) -> None:
    """Print the stages of a build in processor time, with what is between them."""
    stages = {name: taken[name] for name in (READING, CHECKING, NAMING, RENDERING, MANIFEST, WRITING)}
    stages["账、表、指标"] = taken[OPENING] - taken[READING] - taken[CHECKING]
    stages["其余（目录页码的核对、各阶段之间）"] = taken[WHOLE] - sum(stages.values())
    for name, each in sorted(stages.items(), key=lambda stage: -stage[1]):
        print(f"  {each:8.2f}  {each / taken[WHOLE]:4.0%}  {name}")
    print(f"  {taken[WHOLE]:8.2f}  100%  {WHOLE}（从资料到写好的文档）")


def print_programs(taken: Mapping[str, float], built: Built) -> None:
    """Print our rendering beside the other programs'."""
    table = {f"juesuan：{RENDERING}": taken[RENDERING], "docxtpl：render + save": taken[DOCXTPL]}
    try:
        table |= medians(built.rendered.docx, ROUNDS)
    except Unavailable as reason:
        print(reason)
    for name, each in table.items():
        print(f"  {each:8.2f}  {each / taken[RENDERING]:4.1f} 倍  {name}")


def main(words: list[str]) -> None:
    """Measure the units named, or the example, each in its latest year."""
    workspace = find_workspace(Path(__file__).resolve().parent)
    for unit in words or [EXAMPLE]:
        measure(workspace, unit, workspace.years(unit)[-1])


if __name__ == "__main__":
    main(sys.argv[1:])
