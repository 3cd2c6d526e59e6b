"""Where in the document a text is missing: under which heading the marker stands that is printed in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import escape

from builder.findings import Finding, Source
from builder.rendering.compiling import Rendered
from builder.vocabulary import AGAINST

MARKER = re.compile("【[^】<]*】")


def located(missing: Mapping[tuple[str, str], Finding], rendered: Rendered, source: Source) -> list[Finding]:
    """Return the findings on missing texts, each with its heading; ``source`` is the folder they belong into.

    ``missing`` is by indicator and comparison, or by kind and name of a text, in the order of the document.
    """
    if not missing:
        return []
    text = rendered.text
    headings = [(text.find(f'w:name="{heading.bookmark}"'), heading.text) for heading in rendered.headings]
    markers = [(found.start(), found[0]) for found in MARKER.finditer(text)]
    findings = []
    for (first, second), finding in missing.items():
        name = re.compile(rf"(?<![\w.]){re.escape(str(escape(first if second in AGAINST else second)))}")
        marker = next((marker for marker in markers if name.search(marker[1])), None)
        heading = ""
        if marker is not None:
            markers.remove(marker)
            heading = max((place for place in headings if place[0] <= marker[0]), default=(0, ""))[1]
        message = f"「{heading}」里{finding.message}" if heading else finding.message
        findings.append(Finding(message, finding.source or source, finding.level))
    return findings
