"""Which units a text names: the same as looking for each, of names long and short, alike and within one another."""

from __future__ import annotations

import random

from builder.checks.unit_names import names_within


def test_the_same_as_looking_for_each() -> None:
    rng = random.Random(1)
    letters = "云溪市江南"
    names = tuple({"".join(rng.choices(letters, k=rng.randint(1, 12))) for _ in range(400)})
    for _ in range(200):
        text = "".join(rng.choices(letters, k=rng.randint(0, 60)))
        assert names_within(text, names) == [name for name in names if name in text]


def test_no_name_and_no_text() -> None:
    assert names_within("云溪市", ()) == []
    assert names_within("", ("云溪市",)) == []
    assert names_within("云溪市", ("", "云溪市图书馆")) == []
