"""What a changed fact should change in a document: hand-written changes applied to the lines before."""

from __future__ import annotations

from collections.abc import Callable

Change = Callable[[list[str]], None]


def row(table: str, label: str, cells: dict[int, str]) -> Change:
    """In the table's row that has ``label`` in a cell, these cells (by column, from 0) have other text."""

    def apply(lines: list[str]) -> None:
        number = find_row(lines, table, label)
        name, *old = lines[number].split("\t")
        new = [cells.get(column, text) for column, text in enumerate(old)]
        assert all(old[column] != text for column, text in cells.items()), f"{lines[number]}: nothing to change"
        lines[number] = "\t".join((name, *new))

    return apply


def sentence(begins: str, *replacements: tuple[str, str]) -> Change:
    """In the paragraph that begins so, each of these pieces, which stands there once, reads otherwise."""

    def apply(lines: list[str]) -> None:
        number = find(lines, begins)
        for old, new in replacements:
            assert lines[number].count(old) == 1, f"{old!r} stands {lines[number].count(old)} times in {lines[number]}"
            lines[number] = lines[number].replace(old, new)

    return apply


def bar(chart: str, series: str, category: str, value: str) -> Change:
    """A chart has another value at this place; a new category comes last."""

    def apply(lines: list[str]) -> None:
        begins = f"图表：{chart}\t{series}\t"
        place = [i for i, line in enumerate(lines) if line.startswith(begins + category + "\t")]
        last = max(i for i, line in enumerate(lines) if line.startswith(begins))
        lines[slice(place[0], place[0] + 1) if place else slice(last + 1, last + 1)] = [f"{begins}{category}\t{value}"]

    return apply


def gone(*begins: str) -> Change:
    """Each line that begins so is not there any more."""

    def apply(lines: list[str]) -> None:
        for words in begins:
            del lines[find(lines, words)]

    return apply


def after(begins: str, *new: str) -> Change:
    """New lines stand after the line that begins so."""

    def apply(lines: list[str]) -> None:
        number = find(lines, begins) + 1
        lines[number:number] = new

    return apply


def find(lines: list[str], begins: str) -> int:
    """Return the number of the one line that begins so."""
    numbers = [number for number, line in enumerate(lines) if line.startswith(begins)]
    assert len(numbers) == 1, f"{len(numbers)} lines begin with {begins!r}"
    return numbers[0]


def find_row(lines: list[str], table: str, label: str) -> int:
    """Return the number of the table's first row that has a cell with exactly this text."""
    for number, line in enumerate(lines):
        name, *cells = line.split("\t")
        if name == table and label in cells:
            return number
    raise AssertionError(f"{table} has no row {label}")
