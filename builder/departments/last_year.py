"""A department's ``上年.yaml`` from its units' last-year figures, where last year itself is not in the workspace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ruamel.yaml.comments import CommentedMap

from builder.accounting import calculate, last_year_of
from builder.accounts.figures import Figure, Kind, UnknownIndicatorError
from builder.accounts.indicators import Indicators
from builder.accounts.money import ZERO, AmountUnit, plain, printed
from builder.accounts.rollup import Share
from builder.accounts.subjects import Subjects
from builder.asking import SUBJECT
from builder.findings import Finding, Level, Source
from builder.loading.unit import LAST_YEAR
from builder.style import Style
from builder.workbooks.changing import Changer, FileChange
from builder.workbooks.yaml_files import flow, note, put_tail
from builder.workspace import CONTENT, Workspace

from .filling import ORIGIN
from .gathering import Gathered

GIVEN, LIST = "上年", "指标"


def sums_before(
    workspace: Workspace, gathered: Gathered, style: Style, subjects: Subjects, wanted: Iterable[str]
) -> tuple[dict[str, tuple[Kind, list[Share]]], list[str]]:
    """Return the units' last-year figures of each indicator that the form compares, and those that have no sum.

    There is none where a unit's is not known, and none of figures that units' payments to each other are part of: what
    was paid last year nobody says.
    """
    units: dict[str, Indicators] = {}
    for unit, each in gathered.units.items():
        ignored: list[Finding] = []  # what is wrong with last year's files is said when the unit itself is built
        before = last_year_of(workspace, unit, gathered.year - 1, style, ignored)
        units[gathered.called(unit)] = calculate(each, style, subjects, before)
    sums: dict[str, tuple[Kind, list[Share]]] = {}
    without: list[str] = []
    for name in _expanded(wanted, units.values()):
        figures = {unit: _figure(indicators, name) for unit, indicators in units.items()}
        kinds = {figure.kind for figure in figures.values() if figure is not None}
        shares = [
            Share(unit, figure.last_year, Source("")) for unit, figure in figures.items()
            if figure is not None and figure.last_year is not None
        ]
        if len(kinds) != 1 or len(shares) < len(units) or _touches(gathered, figures):
            without.append(name)
        else:
            sums[name] = kinds.pop(), shares
    return sums, without


def _figure(indicators: Indicators, name: str) -> Figure | None:
    try:
        return indicators.get(name)
    except UnknownIndicatorError:
        return None


def _expanded(wanted: Iterable[str], units: Iterable[Indicators]) -> Iterator[str]:
    """Yield the names, those of every subject for each subject that a unit has."""
    known = [list(unit.names()) for unit in units]
    for name in wanted:
        stem, subject, _ = name.partition(f".{SUBJECT}")
        if not subject:
            yield name
            continue
        yield from sorted({
            each for names in known for each in names if each.startswith(f"{stem}.") and each[len(stem) + 1:].isdigit()
        })


def _touches(gathered: Gathered, figures: Mapping[str, Figure | None]) -> bool:
    """Tell whether a figure has part of what units pay each other: a cell of it asks for an entry of that kind."""
    eliminated = [entry for entry in gathered.eliminated() if entry.amount]
    return any(
        cell.query is not None and entry.book in cell.query.books and entry.subject.startswith(cell.subjects)
        and cell.query.admits(entry.fund, entry.kind, entry.detail)
        for figure in figures.values() if figure is not None for cell in figure.cells for entry in eliminated
    )


def change_last_year(
    text: str, sums: Mapping[str, tuple[Kind, list[Share]]], year: int
) -> FileChange:
    """Return 上年.yaml with the sums; figures that somebody else wrote there stay."""
    head = f"# {year - 1} 年度的指标值，由 juesuan rollup 把所属单位的上年数相加。\n"
    changer = Changer(LAST_YEAR, text, AmountUnit.WAN, head, rounds=True)
    node, tail = changer.section(LIST, CommentedMap)
    for name, (kind, shares) in sums.items():
        if name in node and not _is_sum(node, name):
            continue
        line = node.get(name)
        if not isinstance(line, CommentedMap):
            line = node[name] = flow({})
        total = sum((share.amount for share in shares), ZERO)
        if kind is Kind.MONEY:
            changer.set(line, GIVEN, total, name)
            shown = [f"{share.unit} {plain(printed(share.amount, changer.unit))}" for share in shares if share.amount]
        else:
            changer.set_text(line, GIVEN, plain(total), name)
            shown = [f"{share.unit} {plain(share.amount)}" for share in shares if share.amount]
        said = len(changer.changes)
        if note(node, name, ORIGIN, " + ".join(shown) or "各单位都是 0") and not said:
            changer.changes.append(f"{name}：各单位的上年数有变（注释）")
    put_tail(changer.document, LIST, tail)
    return changer.finish()


def _is_sum(node: CommentedMap, name: str) -> bool:
    """Tell whether an entry was written by an earlier roll-up."""
    tokens = node.ca.items.get(name)
    return bool(tokens and tokens[2] and tokens[2].value.startswith(f"# {ORIGIN}"))


def unsummed(gathered: Gathered, names: Iterable[str], text: str) -> list[Finding]:
    """Return a note on the last-year figures that have no sum and stand nowhere."""
    missing = [name for name in names if f"{name}:" not in text]
    if not missing:
        return []
    message = (
        f"上年数没有汇总：{'、'.join(missing)}（有的单位没有上年数，或其中有所属单位之间的往来）；"
        f"请在部门的 {LAST_YEAR} 里填写，或先汇总上一年度"
    )
    return [Finding(message, Source(f"{CONTENT}/{gathered.department}/{gathered.year}"), Level.NOTE)]
