"""All texts of a unit-year read as one: what no text has is looked for once, not in each of them again.

Nearly every rule on texts finds nothing. It asks here first, and looks at each text only where there is something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat

from .case import Case, once
from .results import HOLDS, Result

BETWEEN = "\n\0\n"
"""What stands between two texts: an end of a line to either, and nothing that a pattern goes across."""
HAN = "一"
"""The first of the 汉字; whatever comes before it is a digit, a letter or a sign."""


def joined(texts: Iterable[str]) -> str:
    """Return texts one after the other, each apart from the next."""
    return BETWEEN.join(texts)


@once
def all_texts(case: Case) -> str:
    """Return all texts of a unit-year as one; made once, for all the rules that follow one another."""
    return joined(prose.text for prose in case.texts)


def all_hold(case: Case) -> Iterator[Result]:
    """Return what a rule says that finds nothing in any text."""
    return repeat(HOLDS, len(case.texts))


def has_twice(text: str, shortest: int, longest: int) -> bool:
    """Tell whether words of so many characters stand twice in a row: 医保医保.

    A regular expression tries every length at every character. Here a whole text is compared with itself, moved by
    the length, at once: as one large number of a byte for each character, which is zero where the two are the same.
    """
    codes = text.encode("utf-32-le", "surrogatepass")[::4]  # a quarter of each is enough to know where to look closer
    number, size = int.from_bytes(codes, "little"), len(codes)
    for length in range(shortest, longest + 1):
        same, word = (number ^ number >> 8 * length).to_bytes(size, "little"), bytes(length)
        start = same.find(word, 0, -length)
        while start >= 0:
            middle = start + length
            if text[start:middle] == text[middle : middle + length] and min(text[start:middle]) >= HAN:
                return True
            start = same.find(word, start + 1, -length)
    return False
