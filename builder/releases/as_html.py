"""A difference as one HTML file that needs nothing else, in the look of the check report."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from builder import __version__
from builder.findings import Finding
from builder.releases.causes import Difference
from builder.releases.comparing import Change
from builder.releases.matching import NUMBER
from builder.releases.telling import NOTHING, chain, groups, input_words, shown, title

PAGE = "difference.html"
CLASSES = {"错误": "e", "警告": "w", "提示": "i"}


def page(difference: Difference, findings: Sequence[Finding]) -> str:
    """Return the file; ``findings`` are those about the difference, old figures in texts above all."""
    return _environment().get_template(PAGE).render(
        title=title(difference), inputs=difference.inputs, changes=difference.changes, groups=groups(difference),
        unexplained=[each for each in difference.changes if not each.causes], silent=difference.without_effect,
        findings=findings, many=len({each.change.document for each in difference.changes}) > 1,
        words=input_words, chain=chain, marked=marked, classes=CLASSES, version=__version__,
    )


def marked(change: Change) -> tuple[Markup, Markup]:
    """Return old and new with what differs marked; numbers are whole."""
    if change.old is None:
        return escape(NOTHING), Markup("<ins>{}</ins>").format(shown(change.new))
    if change.new is None:
        return Markup("<del>{}</del>").format(shown(change.old)), escape(NOTHING)
    old, new = _pieces(shown(change.old)), _pieces(shown(change.new))
    parts: tuple[list[Markup], list[Markup]] = [], []
    for kind, i, end, j, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for part, text, sign in ((parts[0], "".join(old[i:end]), "del"), (parts[1], "".join(new[j:stop]), "ins")):
            if text:
                part.append(escape(text) if kind == "equal" else Markup(f"<{sign}>{{}}</{sign}>").format(text))  # noqa: S704
    return Markup("").join(parts[0]), Markup("").join(parts[1])


def _pieces(text: str) -> list[str]:
    """Return a text letter by letter, its numbers in one piece."""
    pieces: list[str] = []
    last = 0
    for number in NUMBER.finditer(text):
        pieces += [*text[last : number.start()], number[0]]
        last = number.end()
    return [*pieces, *text[last:]]


@cache
def _environment() -> Environment:
    loader = ChoiceLoader([PackageLoader("builder", "releases"), PackageLoader("builder", "reports")])
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
