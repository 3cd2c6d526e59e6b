"""A difference as JSON: one object a change, under names that stay as they are."""

from __future__ import annotations

import json
from typing import Any

from builder.releases.causes import Cause, Difference, Explained
from builder.releases.telling import input_words


def json_text(difference: Difference) -> str:
    """Return the list of all changes."""
    return json.dumps([_record(difference, each) for each in difference.changes], ensure_ascii=False, indent=1) + "\n"


def _record(difference: Difference, each: Explained) -> dict[str, Any]:
    change = each.change
    spot = change.line.spot
    return {
        "unit": difference.new.state.unit, "year": difference.new.state.year,
        "from": difference.old.name, "to": difference.new.name,
        "document": change.document, "kind": change.kind.value, "place": change.place,
        "table": spot.caption if spot.table else None, "row": spot.row_label or None,
        "column": spot.column_label or None, "cells": list(change.of_either("cells")),
        "old": change.old, "new": change.new, "causes": [_cause(cause) for cause in each.causes],
    }


def _cause(cause: Cause) -> dict[str, Any]:
    change = cause.input
    return {
        "kind": change.kind.value, "source": str(change.source), "fact": " › ".join(change.where),
        "old": change.old, "new": change.new, "words": input_words(change),
        "cells": list(cause.cells), "indicators": list(cause.figures), "texts": list(cause.keys),
    }
