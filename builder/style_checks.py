"""What can be wrong inside a style before any unit is built with it: tables, indicators, compositions, charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from builder.accounts.definitions import ANY, EACH, Definition, Definitions, parse_definition, plain_name
from builder.accounts.formulas import Formula, FormulaError
from builder.accounts.leaves import leaf_paths
from builder.accounts.statements import Place
from builder.accounts.subjects import LEVELS
from builder.accounts.views import BlockSpec, TableSpec, signed
from builder.findings import Finding
from builder.loading.document import Path, Positions
from builder.style_sheet import ChartSpec, StyleSheet
from builder.wording.numbers import STANDARD_FORMATS
from builder.wording.phrasing import among

LAST_YEAR = ".上年"


def check_sheet(sheet: StyleSheet, positions: Positions) -> tuple[Definitions, list[Finding]]:
    """Return the indicators that a style defines, and everything that does not fit together in it."""
    checker = _Checker(sheet, positions)
    definitions = checker.definitions()
    checker.tables()
    checker.names(definitions)
    checker.circles(definitions)
    checker.charts()
    checker.glossary()
    return definitions, checker.findings


def _columns(table: TableSpec) -> set[str]:
    return {column for block in table.blocks.values() for column in block.columns}


@dataclass(slots=True)
class _Checker:
    """Checks one style sheet and keeps what is wrong."""

    sheet: StyleSheet
    positions: Positions
    findings: list[Finding] = field(default_factory=list)

    def find(self, message: str, *path: str | int) -> None:
        """Keep a finding at a place of the style."""
        self.findings.append(Finding(message, self.positions.nearest(path)))

    def definitions(self) -> Definitions:
        """Read the section 指标; a definition that cannot be used is left out."""
        found = Definitions()
        for name, text in self.sheet.indicators.items():
            try:
                definition = parse_definition(text)
            except FormulaError as error:
                self.find(f"指标「{name}」：{error}", "指标", name)
                continue
            wrong = self.wrong_place(definition) if isinstance(definition, Place) else ""
            if plain_name(name).endswith(ANY) and isinstance(definition, Formula):
                wrong = "每个科目一个的指标只能取自表，不能用公式"
            if wrong:
                self.find(f"指标「{name}」：{wrong}", "指标", name)
            else:
                found[plain_name(name)] = definition
        return found

    def wrong_place(self, place: Place) -> str:
        """Return what is wrong with a place in a table, or nothing; rows that depend on the year are not known here."""
        table = self.sheet.tables.get(place.table)
        if table is None:
            return f"公开表里没有「{place.table}」这张表；{among(place.table, self.sheet.tables)}"
        columns = [column for block in table.blocks.values() for column in block.columns]
        if place.column not in columns:
            return f"{place.table} 没有「{place.column}」这一列；{among(place.column, dict.fromkeys(columns))}"
        rows = set(declared_rows(table))
        by_code = any(block.by_subject or block.economic for block in table.blocks.values())
        by_year = any(spec.categories for block in table.blocks.values() for spec in block.rows)
        if place.row in rows or by_year or (by_code and (place.row == ANY or place.row.isdigit())):
            return ""
        return f"{place.table} 没有「{place.row}」这一行；{among(place.row, sorted(rows))}"

    def tables(self) -> None:
        """Check what the tables refer to."""
        formats = {**STANDARD_FORMATS, **self.sheet.number_formats}
        for name, table in self.sheet.tables.items():
            at: Path = ("公开表", name)
            if table.number_format not in formats:
                message = f"数字格式里没有「{table.number_format}」；{among(table.number_format, formats)}"
                self.find(f"{name}：{message}", *at, "数字格式")
            if table.stated_in and table.stated_in not in self.sheet.tables:
                message = f"没有「{table.stated_in}」这张表；{among(table.stated_in, self.sheet.tables)}"
                self.find(f"{name} 的「公开值同」：{message}", *at, "公开值同")
            elif table.stated_in and not _columns(table) & _columns(self.sheet.tables[table.stated_in]):
                shown = "、".join(sorted(_columns(self.sheet.tables[table.stated_in])))
                message = f"两张表没有同名的列，用不上它的数；请改成同名的列（{table.stated_in} 有 {shown}）"
                self.find(f"{name} 的「公开值同」：{message}", *at, "公开值同")
            for label, block in table.blocks.items():
                self.block(f"{name} 的「{label}」栏", block, (*at, "栏", label))

    def block(self, what: str, block: BlockSpec, at: Path) -> None:
        """Check one block (栏)."""
        if not (block.by_subject or block.economic or block.rows or block.total):
            self.find(f"{what}没有行；请写「按科目列行: 是」「经济科目」「行」或「合计行」", *at)
        self.columns(what, block, at)
        self.rows(what, block, at)
        try:
            block.numbering.format(序号="一", 数=1)
        except (LookupError, ValueError):
            self.find(f"{what}的序号写作「{block.numbering}」；只能用 {{序号}} 和 {{数}}", *at, "序号")

    def columns(self, what: str, block: BlockSpec, at: Path) -> None:
        """Check the sums among a block's columns."""
        sums = {name: {term for term, _ in map(signed, column.sum_of)} for name, column in block.columns.items()}
        for name, terms in sums.items():
            for term in sorted(terms - block.columns.keys()):
                message = f"合计里的「{term}」不是这一栏的列；{among(term, block.columns)}"
                self.find(f"{what}的列「{name}」：{message}", *at, "列", name, "合计")
        if circle := circle_in(sums):
            self.find(f"{what}的列的合计绕了一圈：{' → '.join(circle)}；请改掉其中一处", *at, "列", circle[-1], "合计")

    def rows(self, what: str, block: BlockSpec, at: Path) -> None:
        """Check the rows of a block that are declared one by one."""
        done: list[str] = []
        for number, row in enumerate(block.rows):
            here: Path = (*at, "行", number)
            if row.name and row.name in done:
                self.find(f"{what}有两行都叫「{row.name}」；请改名，表里印的字写在「标签」里", *here)
            if not any(spec.categories for spec in block.rows):
                self.terms(f"{what}的行「{row.name}」", row.sum_of, done, (*here, "合计"))
            for column_name in row.columns:
                if column_name not in block.columns:
                    message = f"没有「{column_name}」这一列；{among(column_name, block.columns)}"
                    self.find(f"{what}的行「{row.name}」：{message}", *here, "只列")
            done.append(row.name)

    def terms(self, what: str, terms: Iterable[str], before: list[str], at: Path) -> None:
        """Check that the terms of a sum stand before it."""
        for term, _sign in map(signed, terms):
            if term not in before:
                known = among(term, [name for name in before if name])
                self.find(f"{what}：合计里的「{term}」不在它前面；{known}", *at)

    def names(self, definitions: Mapping[str, Definition]) -> None:
        """Check that every indicator that formulas, compositions and charts mention is there."""
        known = KnownNames(definitions, frozenset(map(plain_name, self.sheet.zero_unless_given)))
        for name, definition in definitions.items():
            if isinstance(definition, Formula):
                self.known(f"指标「{name}」的公式", definition.names, known, ("指标", name))
        for total, parts in self.sheet.composition.items():
            self.known(f"组成「{total}」", [total, *parts], known, ("组成", total))
        for chart, spec in self.sheet.charts.items():
            if spec.rows:
                continue
            used = [name.removesuffix(LAST_YEAR) for names in spec.series.values() for name in names]
            self.known(f"图表「{chart}」", used, known, ("图表", chart))
        for number, names in enumerate(self.sheet.equal):
            self.known(f"应相等的第 {number + 1} 组", names, known, ("应相等", number))
        for number, name in enumerate(self.sheet.zero_unless_given):
            if not known.is_free(plain_name(name)):
                places = "、".join(sorted(known.free))
                self.find(f"缺省为零「{name}」：只能写单位自己列名称的数，即 {places} 下面的", "缺省为零", number)

    def known(self, what: str, names: Iterable[str], known: KnownNames, at: Path) -> None:
        """Check names of indicators."""
        for name in dict.fromkeys(names):
            if plain_name(name) not in known:
                self.find(f"{what}用到「{name}」，没有这个指标；{among(plain_name(name), known.listed())}", *at)

    def circles(self, definitions: Mapping[str, Definition]) -> None:
        """Check that no indicator is made of itself."""
        graph: dict[str, set[str]] = {}
        for name, definition in definitions.items():
            if isinstance(definition, Formula):
                graph.setdefault(name, set()).update(map(plain_name, definition.names))
        for total, parts in self.sheet.composition.items():
            graph.setdefault(plain_name(total), set()).update(map(plain_name, parts))
        if circle := circle_in(graph):
            section = "指标" if circle[-1] in self.sheet.indicators else "组成"
            self.find(f"指标的公式或组成绕了一圈：{' → '.join(circle)}；请改掉其中一处", section, circle[-1])

    def glossary(self) -> None:
        """Check that every term of the glossary is explained."""
        for number, term in enumerate(self.sheet.glossary):
            if term not in self.sheet.terms:
                self.find(f"名词解释「{term}」没有写在「名词」里；{among(term, self.sheet.terms)}", "名词解释", number)

    def chart_rows(self, name: str, chart: ChartSpec) -> None:
        """Check a chart whose categories are the rows of a table."""
        table, _slash, level = chart.rows.partition("/")
        by_subject = [key for key, spec in self.sheet.tables.items() if any(b.by_subject for b in spec.blocks.values())]
        if table not in by_subject:
            message = f"按科目列行的表里没有「{table}」；{among(table, by_subject)}"
        elif level.removesuffix("级") not in LEVELS.values() or not level.endswith("级"):
            message = f"「各行」写作 {table}/类级、{table}/款级 或 {table}/项级"
        elif chart.categories:
            message = "「类别」和「各行」只能写一个"
        else:
            columns = [key for b in self.sheet.tables[table].blocks.values() if b.by_subject for key in b.columns]
            wrong = [key for keys in chart.series.values() for key in keys if key not in columns]
            wrong += [key for key, keys in chart.series.items() if len(keys) != 1]
            message = f"每个系列写 {table} 的一列；{among(wrong[0], columns)}" if wrong else ""
        if message:
            self.find(f"图表「{name}」：{message}", "图表", name)

    def charts(self) -> None:
        """Check that every series of a chart has a figure for each category."""
        formats = {**STANDARD_FORMATS, **self.sheet.number_formats}
        for name, chart in self.sheet.charts.items():
            if chart.rows:
                self.chart_rows(name, chart)
            elif not chart.categories:
                self.find(f"图表「{name}」没有写「类别」；请写上，或写「各行」从表里取", "图表", name)
            for series, figures in chart.series.items():
                if not chart.rows and len(figures) != len(chart.categories):
                    counts = f"{len(chart.categories)} 个类别，系列「{series}」有 {len(figures)} 个指标"
                    self.find(f"图表「{name}」有 {counts}；请写成一样多", "图表", name, "系列", series)
            if chart.unit not in formats:
                message = f"数字格式里没有「{chart.unit}」；{among(chart.unit, formats)}"
                self.find(f"图表「{name}」：{message}", "图表", name, "数字格式")


class KnownNames:
    """The names of all indicators, as far as they do not depend on a unit."""

    def __init__(self, definitions: Mapping[str, Definition], given: frozenset[str]) -> None:
        self.definitions, self.given = definitions, given
        self.fixed, self.free = leaf_paths()

    def __contains__(self, name: str) -> bool:
        stem, _, code = name.rpartition(".")
        if name in self.definitions or name in self.fixed or name in self.given:
            return True
        if name.endswith(EACH):
            return stem in self.free or any(path.startswith(f"{stem}.") for path in (*self.fixed, *self.free))
        return code.isdigit() and stem + ANY in self.definitions

    def is_free(self, name: str) -> bool:
        """Tell whether a name is one that units may list themselves."""
        return any(name.startswith(f"{path}.") for path in self.free)

    def listed(self) -> Iterator[str]:
        """Yield the names that can be listed."""
        yield from (*self.definitions, *sorted(self.fixed | self.given))


def circle_in(graph: Mapping[str, set[str]]) -> list[str]:
    """Return a way from a name back to itself, empty where there is none. ``graph`` says what each is made of."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def declared_rows(table: TableSpec) -> Iterator[str]:
    """Yield the keys of the rows that do not depend on the ledger or the year."""
    for name, block in table.blocks.items():
        prefix = f"{name}." if len(table.blocks) > 1 and block.rows else ""
        if block.total:
            yield prefix + block.total
        yield from (prefix + row.name for row in block.rows if row.name)
