"""Edits made in Word: found, attributed, and made into changes of the files that the texts stand in."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from builder.accounting import Accounts
from builder.building import Builder
from builder.findings import Finding, InputError, Level, errors
from builder.pulling.aligning import Pair, aligned, same
from builder.pulling.changing import Change, Changer
from builder.pulling.facts_behind import FactsBehind
from builder.pulling.form_places import FormPlaces
from builder.pulling.homes import Home, homes, unwritten_homes
from builder.pulling.judging import Judge, Verdicts
from builder.pulling.reading import Edited, digests_of, read_edited
from builder.releases.reading import history, sha256
from builder.releases.states import State, state_of
from builder.tracing import Trace, Tracer
from builder.workspace import Workspace

HALF = 0.5
"""How much of a document must still be there for it to be this one, edited."""
NOW = ""


@dataclass(slots=True)
class Pulled:
    """What came home: changes, the new texts of files by path in the workspace, and what is said of other edits.

    ``edited`` tells whether the document's text differs at all from what was made.
    """

    changes: list[Change] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    edited: bool = False


@dataclass(slots=True)
class _Base:
    """A state of the inputs that the document may have been made from: ``name`` is its release's, empty for now."""

    name: str
    workspace: Workspace
    accounts: Accounts
    trace: Trace
    homes: Mapping[str, Home]
    pairs: list[Pair] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """How many passages read otherwise."""
        return sum(pair.changed for pair in self.pairs)


def pull(workspace: Workspace, unit: str, year: int, path: Path) -> Pulled:
    """Find the edits in a document of a unit-year, and what they change. Nothing is written.

    Raises InputError where the document cannot be read, is not this unit-year's, or an edit would make files that
    cannot be used.
    """
    edited = read_edited(path, workspace.root)
    builder = Builder(workspace)
    now = _base(builder, unit, year, edited)
    pulled = Pulled(findings=list(_remarks(edited)), edited=now.changed > 0)
    if not now.changed:
        return pulled
    with tempfile.TemporaryDirectory(prefix="juesuan-") as folder:
        base, verdicts = _best(now, _judged(now), edited, Path(folder))
        if base is not now:
            pulled.findings.append(
                Finding(f"文档是发布 {base.name} 的，与现在的资料不同；按发布时的资料比对", None, Level.NOTE)
            )
        elif errors(verdicts.findings):
            message = "以上不能带回的数和格子如果不是您改的，文档是用以前的资料生成的：请先 juesuan build，在新文档里改"
            verdicts.findings.append(Finding(message, None, Level.NOTE))
        form = builder.form(now.accounts.style.name)
        levels = form.compiled.styles.headings()
        made, known = digests_of(edited.passages), digests_of(base.trace.passages)
        changer = Changer(
            base.homes, now.homes, [levels.get(name, 0) for name in form.block_styles.headings],
            {mark: text for mark, text in made.items() if known.get(mark, text) != text},
        )
        changer.take(verdicts, base.trace.passages)
        pulled.findings += [*verdicts.findings, *changer.findings]
        pulled.changes = changer.changes
        pulled.files = changer.files(workspace.root)
        if pulled.files:
            state = state_of(workspace, now.accounts, form)
            pulled.findings += _tried(state, pulled.files, changer, now, Path(folder) / "new")
    return pulled


def _base(builder: Builder, unit: str, year: int, edited: Edited, name: str = NOW) -> _Base:
    """Trace a unit-year and put the document's passages beside it. Raises InputError where it is another's."""
    accounts = builder.accounts(unit, year)
    traces = Tracer(builder).traces(unit, year)
    title = next(iter(traces))
    if edited.title and edited.title not in traces:
        raise InputError(
            f"「{edited.name}」是《{edited.title}》，不是《{title}》；请检查 --unit 和 --year，或换一个文件"
        )
    trace = traces[edited.title or title]
    texts = Counter(same(passage.text) for passage in trace.passages if passage.text.strip() and not passage.continues)
    kept = texts & Counter(same(passage.text) for passage in edited.passages)
    if kept.total() < HALF * texts.total():
        raise InputError(
            f"「{edited.name}」与《{title}》相差太大，不像是由它改来的；请检查 --unit 和 --year，或换一个文件"
        )
    found = homes(builder.workspace.root, accounts.unit_year)
    found |= unwritten_homes(accounts.unit_year, trace.unwritten.values())
    return _Base(name, builder.workspace, accounts, trace, found, aligned(trace.passages, edited.passages))


def _judged(base: _Base) -> Verdicts:
    root = base.workspace.root
    return Judge(base.trace, base.homes, FactsBehind(base.accounts, root), FormPlaces(root)).judge(base.pairs)


def _best(now: _Base, verdicts: Verdicts, edited: Edited, folder: Path) -> tuple[_Base, Verdicts]:
    """Return what the document was made from: what is now, or a release that it differs less from."""
    best = now
    if not errors(verdicts.findings):
        return now, verdicts
    unit_year = now.accounts.unit_year
    for entry in reversed(history(now.workspace, unit_year.name, unit_year.year).entries):
        if entry.release is None or entry.findings:
            continue
        try:
            builder = Builder(entry.release.snapshot().state.renamed(unit_year.name).write(folder / entry.number))
            base = _base(builder, unit_year.name, unit_year.year, edited, entry.number)
        except InputError:  # a release of an older form that this program cannot read any more
            continue
        best = base if base.changed < best.changed else best
    return (now, verdicts) if best is now else (best, _judged(best))


def _remarks(edited: Edited) -> Iterator[Finding]:
    """Yield what is to be known of the document as a whole."""
    if edited.revisions:
        message = f"文档里有 {edited.revisions} 处修订；都按接受计算"
        yield Finding(message, None, Level.NOTE)
    if edited.comments:
        yield Finding(f"文档里有 {edited.comments} 条批注，没有带回；请在 Word 里看", None, Level.NOTE)
    if not edited.marked:
        message = "文档里没有本程序的记号（可能经过复制粘贴或别的软件）；按位置和文字比对，请仔细核对"
        yield Finding(message, None, Level.WARNING)


def _tried(
    state: State, files: Mapping[str, str], changer: Changer, now: _Base, folder: Path
) -> list[Finding]:
    """Return what is to be said of the document that the new files make. Raises InputError where they are wrong."""
    for file in files:
        path = now.workspace.root / file
        if sha256(state.files.get(file, b"")) != sha256(path.read_bytes() if path.exists() else b""):
            raise InputError("资料正在被改动；请保存好所有文件，再运行一次")
    new = replace(state, files={**state.files, **{file: text.encode() for file, text in files.items()}})
    builder = Builder(new.write(folder))
    unit_year = now.accounts.unit_year
    accounts = builder.accounts(unit_year.name, unit_year.year)
    before = {(finding.message, finding.level) for finding in now.accounts.findings}
    said = [
        Finding(f"改了以后：{finding.message}", finding.source, Level.WARNING)
        for finding in accounts.findings
        if (finding.message, finding.level) not in before and finding.level is not Level.NOTE
    ]
    traces = Tracer(builder).traces(unit_year.name, unit_year.year).values()
    return [*said, *changer.differing([passage for trace in traces for passage in trace.passages])]
