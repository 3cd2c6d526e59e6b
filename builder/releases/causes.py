"""Why a document has changed: each changed fact is put into the old inputs by itself to see which changes it makes.

The program itself is what tells what depends on what, so nothing that a document prints can be forgotten. What no fact
changes by itself is tried the other way, with all changes but one; what not even all changes together make has changed
without any changed input.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from builder.accounting import Accounts
from builder.accounts.figures import UnknownIndicatorError
from builder.building import Builder
from builder.findings import Finding, InputError, Source
from builder.releases.comparing import Change, Key, compared_rows, lines_with_charts
from builder.releases.facts import InputChange, Kind, applied, changed_inputs
from builder.releases.matching import Row, rows_of
from builder.releases.probing import Probe, Prober
from builder.releases.snapshots import Snapshot

Effects = Mapping[Key, str | None]
"""What a state changes in the old document: place → the new words."""
LONGEST_CHAIN = 3
"""How many cells and indicators of one change are named between the fact and the words."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A changed input behind a change, and what leads from it there: the cells, the indicators, the written text."""

    input: InputChange
    cells: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """A change with its causes; without any, nothing that was entered explains it."""

    change: Change
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that is different between two versions, and why."""

    old: Snapshot
    new: Snapshot
    inputs: tuple[InputChange, ...]
    changes: tuple[Explained, ...]

    @property
    def unexplained(self) -> list[Change]:
        """The changes that no changed input explains."""
        return [each.change for each in self.changes if not each.causes]

    @property
    def without_effect(self) -> list[InputChange]:
        """The changed inputs that change nothing that is printed."""
        effective = {id(cause.input) for each in self.changes for cause in each.causes}
        return [change for change in self.inputs if id(change) not in effective]

    def by_cause(self) -> dict[tuple[InputChange, ...], list[Explained]]:
        """Return the changes by what has made them, in the order of the inputs."""
        grouped: dict[tuple[int, ...], list[Explained]] = {}
        numbers = {id(change): number for number, change in enumerate(self.inputs)}
        for each in self.changes:
            if each.causes:
                grouped.setdefault(tuple(sorted(numbers[id(cause.input)] for cause in each.causes)), []).append(each)
        ordered = sorted(grouped.items(), key=lambda group: (len(group[0]), group[0]))
        return {tuple(self.inputs[number] for number in group): found for group, found in ordered}


def difference(builder: Builder, old: Snapshot, new: Snapshot) -> Difference:
    """Compare two snapshots of a unit-year. Raises InputError where their inputs cannot be built any more."""
    inputs = changed_inputs(old.state, new.state)
    rows = rows_of(lines_with_charts(old))
    changes = list(compared_rows(rows, rows_of(lines_with_charts(new))))
    if not changes:
        return Difference(old, new, tuple(inputs), ())
    with Prober(builder) as prober:
        causes = _Trials(prober, old, new, inputs, rows).causes(changes)
    return Difference(
        old, new, tuple(inputs), tuple(Explained(change, causes.get(change.key, ())) for change in changes)
    )


@dataclass(slots=True)
class _Trials:
    """The states between the old and the new one, each built and compared with the old document."""

    prober: Prober
    old: Snapshot
    new: Snapshot
    inputs: Sequence[InputChange]
    rows: Sequence[Row]
    _base: Probe | None = None
    _unmade: Effects = field(default_factory=dict)

    def causes(self, changes: Sequence[Change]) -> dict[Key, tuple[Cause, ...]]:
        """Return the causes by the changes' keys."""
        self._base = self._probe(())
        self._unmade = self._effects(self._base)
        probes = [self._probe([change]) for change in self.inputs]
        made = [self._made(probe, self._unmade) for probe in probes]
        for number, change in enumerate(self.inputs):
            if change.kind is Kind.PROGRAM:
                made[number] = _Made(self._unmade)
        found = {change.key: [i for i, one in enumerate(made) if one.makes(change)] for change in changes}
        left = [change for change in changes if not found[change.key]]
        if left and len(self.inputs) > 1:
            self._by_leaving_out(left, found)
        return self._with_chains(changes, found, probes)

    def _by_leaving_out(self, changes: Iterable[Change], found: dict[Key, list[int]]) -> None:
        """Try all changed inputs but one; what needs several that no two states tell apart is due to all of them."""
        whole = self._probe(self.inputs)
        all_made = self._effects(whole)
        without = []
        for input_ in self.inputs:
            probe = self._probe([other for other in self.inputs if other is not input_])
            without.append(self._made(probe, all_made) if probe is not None else None)
        together = self._made(whole, self._unmade)
        for change in changes:
            found[change.key] = [i for i, one in enumerate(without) if one is not None and one.makes(change)]
            if not found[change.key] and together.makes(change):
                found[change.key] = list(range(len(self.inputs)))

    def _probe(self, changes: Collection[InputChange]) -> Probe | None:
        """Build the old state with these changes; None where that cannot be."""
        try:
            return self.prober.probe(applied(self.old.state, self.new.state, changes))
        except InputError as error:
            if changes:
                return None
            name = self.old.name
            message = f"用发布 {name} 的资料，现在的程序生成不了文档，说不出改动的原因；原来的错误见下"
            raise InputError([Finding(message, Source(self.old.state.folder)), *error.findings]) from error

    def _effects(self, probe: Probe | None) -> Effects:
        if probe is None:
            return {}
        return {change.key: change.new for change in compared_rows(self.rows, probe.rows)}

    def _made(self, probe: Probe | None, against: Effects) -> _Made:
        """Return what a state changes that another does not, or otherwise."""
        if probe is None:
            return _Made({})
        effects = self._effects(probe)
        keys = [key for key in effects.keys() | against.keys() if effects.get(key, "") != against.get(key, "")]
        return _Made({key: effects.get(key) for key in keys})

    def _with_chains(
        self, changes: Sequence[Change], found: Mapping[Key, list[int]], probes: Sequence[Probe | None]
    ) -> dict[Key, tuple[Cause, ...]]:
        assert self._base is not None
        moved = [_Moved.between(self._base, probe) for probe in probes]
        accounts = self.prober.accounts(self.new.state)
        return {
            change.key: tuple(moved[i].cause(self.inputs[i], change, accounts) for i in found[change.key])
            for change in changes
        }


class _Made:
    """The changes that a state makes, looked up by their place."""

    def __init__(self, effects: Effects) -> None:
        self._keys = {key[:length] for key in effects for length in range(1, len(key) + 1)}
        self._after = {_about(key) for key in effects}

    def makes(self, change: Change) -> bool:
        """Tell whether a change is among them: it itself; or, of something new, something else in that place."""
        return change.key in self._keys or (_is_new(change.key) and _about(change.key) in self._after)


def _is_new(key: Key) -> bool:
    return not all(isinstance(step, int) for step in key)


def _about(key: Key) -> tuple[int, ...]:
    """Return a place without the words of what is new there."""
    return tuple(step if isinstance(step, int) else step[0] for step in key)


@dataclass(frozen=True, slots=True)
class _Moved:
    """The indicators and cells that one changed input moves."""

    figures: frozenset[str]
    cells: frozenset[str]

    @classmethod
    def between(cls, old: Probe, new: Probe | None) -> _Moved:
        if new is None:
            return cls(frozenset(), frozenset())
        before, after = old.manifest, new.manifest
        return cls(_different(before["指标"], after["指标"]), _different(_cells(before), _cells(after)))

    def cause(self, changed: InputChange, change: Change, accounts: Accounts) -> Cause:
        figures = [name for name in change.of_either("figures") if name in self.figures]
        cells = [name for name in change.of_either("cells") if name in self.cells]
        cells += (place for name in figures for place in _cells_under(accounts, name) if place in self.cells)
        return Cause(
            changed, tuple(dict.fromkeys(cells))[:LONGEST_CHAIN], tuple(figures)[:LONGEST_CHAIN],
            change.of_either("keys"),
        )


def _different(old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def _cells(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{table}/{row}/{column}": value
        for table, rows in manifest["公开表"].items()
        for row, columns in rows.items()
        for column, value in columns.items()
    }


def _cells_under(accounts: Accounts, name: str) -> Iterator[str]:
    """Yield the cells that an indicator is made of."""
    try:
        yield from (str(cell.place) for cell in accounts.indicators.get(name).cells)
    except UnknownIndicatorError:
        return
