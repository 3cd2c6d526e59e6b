"""One unit-year from content/ to the finished document: facts → accounts → context → Word, written all or nothing."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from builder.accounting import Accounts, open_accounts
from builder.accounts.definitions import plain_name
from builder.blocks import Paragraph, Text
from builder.charting import chart_data
from builder.context import Account, Names, Texts
from builder.evaluation import evaluation_names
from builder.findings import Finding, InputError, Level, Source, errors
from builder.form_filters import FILTERS
from builder.form_names import form_names
from builder.loading.cache import Cache
from builder.loading.unit import UNWRITTEN
from builder.manifest import file_hashes, manifest_text
from builder.missing import located
from builder.rendering.blocks import BlockStyles, render_blocks
from builder.rendering.charts import ChartData
from builder.rendering.compiling import CompiledForm, FormFiles, Rendered, compile_form
from builder.rendering.environment import Vocabulary
from builder.rendering.marks import Written, marked_blocks
from builder.rendering.styles import StyleSheet
from builder.style import Style, load_style, with_names
from builder.table_names import table_names
from builder.vocabulary import ACCOUNT, filters
from builder.workspace import CONTENT, Workspace
from builder.writing import disk_errors, file_name, write_together

REASONS, NOTES, LONG_TEXTS = "原因", "说明", "长文"
"""What people write, as the keys of its marks begin: ``原因/收入.合计/较上年``."""
SEARCH_AFTER = 50_000
"""After so many new objects Python searches for garbage, some 10 MB; a document has a fifth of it while it is made."""


@dataclass(frozen=True, slots=True)
class Form:
    """A style with its Word parts compiled; made once a process."""

    style: Style
    compiled: CompiledForm
    block_styles: BlockStyles
    files: Mapping[str, str]
    others: tuple[CompiledForm, ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """A document as built: its bytes, its manifest, and what is to be said about it.

    ``form`` are the files of its style with their SHA-256, ``apart`` the documents published apart, by title.
    """

    unit: str
    year: int
    title: str
    rendered: Rendered
    manifest: str
    findings: tuple[Finding, ...]
    apart: Mapping[str, bytes] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Builder:
    """Builds documents of one workspace; styles are read and compiled once.

    Unless ``checked``, the cross-checks are left out, for documents that are only compared. ``cache`` is of the facts
    that were parsed before.
    """

    workspace: Workspace
    _forms: dict[str, Form] = field(default_factory=dict)
    _styles: dict[str, Style] = field(default_factory=dict)
    checked: bool = True
    _wrong: dict[str, InputError] = field(default_factory=dict)
    cache: Cache | None = None

    def form(self, name: str, at: Source | None = None) -> Form:
        """Return a style ready to render with. Raises InputError."""
        if name in self._wrong:  # of ten thousand units, each would find it out anew
            raise self._wrong[name]
        if name not in self._forms:
            try:
                self._forms[name] = self._compiled(self.style(name, at))
            except InputError as error:
                if name in self.workspace.styles():
                    self._wrong[name] = InputError(error.findings)
                raise
            _keep_for_good()
        return self._forms[name]

    def _compiled(self, style: Style) -> Form:
        compiled, *others = (compile_form(files, vocabulary()) for files in form_files(self.workspace, style))
        files = dict(style.inputs) | file_hashes(self.workspace, style.word_files)
        return Form(style, compiled, block_styles(style, compiled.styles), files, tuple(others))

    def elsewhere(self, workspace: Workspace) -> Builder:
        """Return an unchecked builder of another workspace with the same templates: it has the forms made here."""
        return Builder(workspace, dict(self._forms), dict(self._styles), checked=False)

    def style(self, name: str, at: Source | None = None) -> Style:
        """Return a style, without its Word parts, which take longer than all the rest. Raises InputError."""
        if name not in self._styles:
            self._styles[name] = load_style(self.workspace, name, at)
        return self._styles[name]

    def accounts(self, unit: str, year: int) -> Accounts:
        """Return the accounts of a unit-year. Raises InputError."""
        self.workspace.year_folder(unit, year)
        return open_accounts(self.workspace, unit, year, self.style, checked=self.checked, cache=self.cache)

    def build(self, unit: str, year: int, *, draft: bool = False, paginate: bool = False) -> Built:
        """Make the document of a unit-year in memory. Raises InputError with everything that stops it.

        With ``paginate``, the contents stand without page numbers, as they do when these are measured.
        """
        accounts = self.accounts(unit, year)
        if errors(accounts.findings) and not draft:
            how = f"逐条查看：juesuan check {unit} --year {year}"
            raise InputError([*accounts.findings, Finding(f"有不成立的勾稽关系，改正后再生成，草稿用 --draft；{how}")])
        form = self.form(accounts.unit_year.card.style)
        account = open_book(accounts, year, marked=True)
        title = form.style.title(accounts.unit_year.card.name, year)
        known = accounts.unit_year.pages
        context, charts = contents_of(account, accounts, form)
        rendered = form.compiled.render(
            context,
            charts=charts,
            pages=None if paginate or not known.text else lambda text: known.pages if known.text == text else None,
            title=title,
            draft=draft and not paginate,
        )
        apart = {
            other: compiled.render(context, charts=charts, pages=None, title=other, draft=draft).docx
            for other, compiled in zip(titles_apart(accounts), form.others, strict=True)
        }
        missing = located(account.missing, rendered, Source(f"{CONTENT}/{unit}/{year}"))
        unfinished = list(_unfinished(accounts))
        if (missing or unfinished) and not draft:
            raise InputError([*accounts.findings, *missing, *unfinished])
        findings = [*accounts.findings, *(Finding(m.message, m.source, Level.WARNING) for m in missing)]
        text = manifest_text(accounts, title, rendered.docx, form.files, draft=draft, apart=apart)
        return Built(unit, year, title, rendered, text, tuple(findings), apart, form.files)


def titles_apart(accounts: Accounts) -> list[str]:
    """Return the titles of the documents that the style publishes apart."""
    unit_year = accounts.unit_year
    return [with_names(title, unit_year.card.name, unit_year.year) for title, _parts in accounts.style.extra]


def _unfinished(accounts: Accounts) -> Iterator[Finding]:
    """Yield an error for each long text in which something is still marked as to be written (or rewritten)."""
    for name, text in accounts.unit_year.long_texts.items():
        if mark := UNWRITTEN.search(text.text):
            line = text.text.count("\n", 0, mark.start()) + 1
            yield Finding(f"「{name}」里还有{mark[0][:4]}…】；请改好这篇长文，并删去这个记号", Source(text.path, line))


def _keep_for_good() -> None:
    """Take what is in memory now, a compiled form above all, out of Python's search for garbage.

    It stays as long as the program runs, and looking through it again and again took a third of the time of building.
    What one document leaves behind is not garbage that needs searching for; now and then a search is enough.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(SEARCH_AFTER, *gc.get_threshold()[1:])


def vocabulary() -> Vocabulary:
    """Return the words that a form may use beside the names of its context."""
    return Vocabulary(filters() | FILTERS, {})


def form_files(workspace: Workspace, style: Style) -> list[FormFiles]:
    """Return the Word files of a style's document, and of each that is published apart."""
    return [FormFiles(style.base, parts, workspace.root) for parts in (style.parts, *(p for _, p in style.extra))]


def block_styles(style: Style, sheet: StyleSheet) -> BlockStyles:
    """Return the styles of long texts by their ids in 样式.docx, as XML. Raises InputError where one is not there."""
    names = style.sheet.block_styles
    findings: list[Finding] = []

    def style_id(name: str, *path: str | int, kind: str = "paragraph") -> str:
        found = sheet.id_of(name, kind)
        if found is None:
            known = "、".join(other.name for other in sheet if other.kind == kind)
            at = style.positions.nearest(("长文样式", *path))
            findings.append(Finding(f"{style.base.name} 里没有叫「{name}」的样式；现有：{known}", at))
        return escape(found or "", {'"': "&quot;"})

    paragraph = style_id(names.paragraph, "段落")
    made = BlockStyles(
        paragraph, tuple(style_id(name, "标题", number) for number, name in enumerate(names.headings)),
        style_id(names.list_item, "列表") if names.list_item else paragraph,
        style_id(names.table, "表格", kind="table") if names.table else "",
        style_id(names.table_header, "表头") if names.table_header else paragraph,
        style_id(names.table_cell, "表格文字") if names.table_cell else paragraph,
    )
    if findings:
        raise InputError(findings)
    return made


def open_book(accounts: Accounts, year: int, *, marked: bool = False) -> Account:
    """Return the account that a form's tags and filters work on; marked, its texts remember which ones they are."""
    unit_year, style = accounts.unit_year, accounts.style

    def text(words: str, *key: str) -> str:
        return Written(words, "/".join(key)) if marked else words

    kind = unit_year.card.kind
    return Account(
        style,
        year,
        style.sheet.own_name.get(kind, f"本{kind}"),
        accounts.statements,
        accounts.indicators,
        {
            (plain_name(name), against): text(reason.text, REASONS, *reason.key)
            for (name, against), reason in unit_year.reasons.items()
        },
        {name: text(words, NOTES, name) for name, words in unit_year.texts.items()},
        marked=marked,
    )


def contents_of(account: Account, accounts: Accounts, form: Form) -> tuple[dict[str, object], dict[str, ChartData]]:
    """Return what a form is filled with: every name that its tags can use, and the data of its charts by name."""
    context = context_of(account, accounts, form)
    return context, {name: chart_data(account, spec) for name, spec in form.style.sheet.charts.items()}


def context_of(account: Account, accounts: Accounts, form: Form) -> dict[str, object]:
    """Return every name that a form's tags can use."""
    unit_year = accounts.unit_year
    card, facts = unit_year.card, unit_year.facts
    long_texts = {name: render_blocks(text.blocks, form.block_styles) for name, text in unit_year.long_texts.items()}
    if account.marked:
        long_texts = {name: marked_blocks(text, f"{LONG_TEXTS}/{name}") for name, text in long_texts.items()}
    context: dict[str, object] = dict(account.roots())
    context |= {name: table_names(account, statement) for name, statement in accounts.statements.items()}
    context |= {
        ACCOUNT: account,
        "年度": account.year,
        "上年度": account.year - 1,
        "单位": Names(
            名称=card.name,
            简称=card.short_name or card.name,
            代码=card.code,
            主管部门=card.superior,
            类型=card.kind,
            性质=card.nature,
            自称=account.own_name,
        ),
        "机构": Names(
            内设机构=facts.organisation.offices,
            内设机构数=facts.organisation.office_count,
            内设机构列举="、".join(facts.organisation.offices),
            决算单位=[Names(名称=u.name, 性质=u.nature, 在职人数=u.persons) for u in facts.organisation.units],
        ),
        "人员": Names(
            编制=facts.staffing.posts,
            在职=facts.staffing.serving,
            编外=facts.staffing.others,
            离退休=facts.staffing.retired,
        ),
        NOTES: Texts(account, NOTES, account.texts, "请在 说明.yaml 的「文本」下补写：{name}: 文字"),
        LONG_TEXTS: Texts(
            account,
            LONG_TEXTS,
            long_texts,
            f"请写在 {CONTENT}/{unit_year.name}/{account.year}/{{name}}.md 里，没有这个文件就新建",
            lambda marker: render_blocks([Paragraph((Text(marker),))], form.block_styles),
        ),
        "名词解释": [Names(名称=term, 解释=account.style.sheet.terms[term]) for term in account.style.sheet.glossary],
        "绩效": evaluation_names(
            account, unit_year.projects, unit_year.overall, forms_by_kind(accounts, marked=account.marked),
            [positions.nearest(()).path for positions in unit_year.project_positions],
        ),
    }
    return context


def forms_by_kind(accounts: Accounts, *, marked: bool = False) -> dict[str, list[Names]]:
    """Return the filled-in 绩效 forms of each kind that the style declares; marked, their texts know their places."""
    return {
        kind: [form_names(form, marked=marked) for form in accounts.forms if form.kind == kind]
        for kind in accounts.style.forms
    }


def write_document(folder: Path, built: Built, name: str, *, stamp: int | None = None) -> dict[Path, bytes]:
    """Write the document, those published apart and the manifest into ``folder``; all, or nothing. Raises InputError.

    ``name`` is the document's file name; what it has more than the title (草稿), the others' names have too. ``stamp``
    is the files' time of change, as in `write_together`, now where not said: the disk is not waited for, because they
    can be made again. Returns the files, the main document first and the manifest last.
    """
    mark = name.removeprefix(built.title)
    name = file_name(name)
    files = {f"{name}.docx": built.rendered.docx}
    files |= {f"{file_name(title + mark)}.docx": docx for title, docx in built.apart.items()}
    files[f"{name}.json"] = built.manifest.encode()
    with disk_errors(folder):
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
        write_together(folder, files, stamp=time.time_ns() if stamp is None else stamp)
    return {folder / name: data for name, data in files.items()}
