"""What a department's accounts are made from in one year: its units' facts and eliminations, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from builder.accounts.eliminations import ELIMINATIONS, Elimination, EliminationsFile, lines_of
from builder.accounts.entering import Positions, eliminated_entries, ledger_of
from builder.accounts.ledger import Entry, Ledger, Unknown
from builder.accounts.money import ZERO, printed
from builder.accounts.rollup import WHOLES, Part, Path, amounts_of, numbers_of
from builder.findings import Finding, InputError, Level, Source, errors
from builder.loading.document import Positions as Places
from builder.loading.eliminations import check_eliminations
from builder.loading.reader import PLACES, amount_unit
from builder.loading.subjects import load_subjects
from builder.loading.unit import ELIMINATED, FACTS, UnitYear, load_year
from builder.loading.validation import validate
from builder.loading.yaml_reader import read_yaml
from builder.workspace import CONTENT, Workspace

from .tree import Tree


@dataclass(frozen=True, slots=True)
class Gathered:
    """A department's units in one year, by folder, those that have no such year, and its eliminations."""

    department: str
    year: int
    units: Mapping[str, UnitYear]
    missing: tuple[str, ...]
    eliminations: tuple[Elimination, ...]
    places: Positions

    @property
    def parts(self) -> list[Part]:
        """The units' facts, by the names that remarks call them."""
        return [
            Part(self.called(unit), each.facts, each.positions, each.eliminations, each.elimination_positions)
            for unit, each in self.units.items()
        ]

    def called(self, unit: str) -> str:
        """Return what remarks and messages call a unit: its short name where no other unit has the same."""
        names = [each.card.short_name or each.card.name for each in self.units.values()]
        name = self.units[unit].card.short_name or self.units[unit].card.name
        return name if names.count(name) == 1 else unit

    def names(self) -> dict[str, str]:
        """Return what each file that a fact may stand in is called: the unit, or 抵消."""
        named = {f"{CONTENT}/{unit}/{self.year}/{FACTS}": self.called(unit) for unit in self.units}
        named |= {
            f"{CONTENT}/{unit}/{self.year}/{ELIMINATED}": self.called(unit)
            for unit, each in self.units.items() if each.eliminations
        }
        return named | {f"{CONTENT}/{self.department}/{self.year}/{ELIMINATED}": ELIMINATIONS}

    def eliminated(self) -> list[Entry]:
        """Return the entries of the department's eliminations, all negative."""
        return list(eliminated_entries(self.eliminations, self.places))

    def ledger(self) -> Ledger:
        """Return the ledger of all units together, less what they have paid each other."""
        entries: list[Entry] = []
        unknown: list[Unknown] = []
        for each in self.units.values():
            book = ledger_of(
                each.facts, each.positions, eliminated_entries(each.eliminations, each.elimination_positions)
            )
            entries += book.entries
            unknown += book.unknown
        return Ledger([*entries, *self.eliminated()], unknown)


def gather(workspace: Workspace, tree: Tree, department: str, year: int) -> tuple[Gathered, list[Finding]]:
    """Read a department's units and eliminations. Raises InputError with everything that makes a sum impossible."""
    findings = list(tree.problems_under(department))
    subjects, _notes = load_subjects(workspace.root, year)
    units: dict[str, UnitYear] = {}
    missing: list[str] = []
    members = tree.members(department)
    for unit in members:
        if year not in workspace.years(unit):
            missing.append(unit)
            continue
        try:
            units[unit] = load_year(workspace.root, unit, year, subjects)
        except InputError as error:
            findings += error.findings
    if not members:
        advice = f"请在各单位的 单位.yaml 里写「部门: {department}」"
        findings.append(Finding(f"没有单位汇入这个部门；{advice}", Source(f"{CONTENT}/{department}")))
    elif not units and not errors(findings):
        at = Source(f"{CONTENT}/{department}")
        findings.append(Finding(f"所属单位都没有 {year} 年度的资料，没有可汇总的数", at))
    findings += (
        Finding(
            f"所属单位「{unit}」没有 {year} 年度的资料，没有汇入；已撤销、转出的不必理会，其余的请先填报",
            Source(f"{CONTENT}/{unit}"), Level.WARNING,
        )
        for unit in missing
    )
    document = read_yaml(workspace.content / department / str(year) / ELIMINATED, workspace.root, required=False)
    file, wrong = validate(EliminationsFile, document, {"unit": amount_unit(document), "places": PLACES})
    findings += [*document.findings, *wrong]
    card = tree.card(department)
    if file is not None and card is not None:
        findings += check_eliminations(file, card, document.positions, subjects)
        findings += _against_units(file.eliminations, document.positions, units, [*members])
    if errors(findings):
        raise InputError(findings)
    eliminations = tuple(file.eliminations) if file else ()
    return Gathered(department, year, units, tuple(missing), eliminations, document.positions), findings


def _against_units(
    eliminations: Sequence[Elimination], places: Places, units: Mapping[str, UnitYear], members: Sequence[str]
) -> Iterator[Finding]:
    """Yield what the units' own accounts say against an elimination: no such unit, or not so much paid or received."""
    own: dict[Path, Decimal] = {}
    for unit, said in units.items():
        for number in numbers_of(said.facts, said.positions):
            for path in {number.path, _whole(number.path)}:
                own[unit, *path] = own.get((unit, *path), ZERO) + number.value
    taken: dict[Path, Decimal] = {}
    for each in lines_of(eliminations):
        if each.unit not in units:
            have = "、".join(members)
            what = "这个年度没有资料，不能抵消" if each.unit in members else f"不是这个部门的单位；现有：{have}"
            yield Finding(f"「{each.unit}」{what}", places.nearest((*each.path, "单位")))
            continue
        for path, amount in amounts_of(each.line):
            key = (each.unit, *path)
            taken[key] = taken.get(key, ZERO) + amount
            if taken[key] > own.get(key, ZERO):
                yield Finding(
                    f"「{each.unit}」的{' '.join(path)} 只有 {printed(own.get(key, ZERO)):,} 万元，"
                    f"抵消了 {printed(taken[key]):,} 万元；请核对科目、栏目和金额",
                    places.nearest((*each.path, path[-1])),
                )


def _whole(path: Path) -> Path:
    """Return the way to the 基本支出 that a unit divides; of any other number its own."""
    whole, parts = WHOLES["支出"]
    return (*path[:-1], whole) if path[0] == "支出" and path[-1] in parts else path
