"""The HTML report in a browser: a click on a finding shows its cell, a click on the cell its finding, by keyboard too.

Chromium runs the page with a script of the test's own and prints what that has left behind. A driver would be a heavy
dependency for one test.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from broken_unit import make_broken
from workspaces import UNIT, CommandLine, WorkspaceCopy

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--window-size=1200,800",
)
DRIVER = """
const wait = () => new Promise((done) => setTimeout(done, 100));
const seen = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
};
addEventListener("load", async () => {
  const steps = [];
  const note = (element) => steps.push({
    hash: location.hash, seen: seen(element), target: element.matches(":target"),
    flash: getComputedStyle(element).animationName, focus: document.activeElement.getAttribute("href"),
  });
  const cell = [...document.querySelectorAll("td.m")].find((each) => each.textContent.includes("927.73"));
  const finding = document.getElementById(cell.querySelector("a").hash.slice(1));
  steps.push({closed: !seen(cell), finding: finding.id, cell: cell.id});
  [...finding.querySelectorAll("a.go")].find((each) => each.hash === `#${cell.id}`).click();
  await wait(); note(cell);
  cell.querySelector("a").click();
  await wait(); note(finding);
  document.activeElement.click();  // what Enter does on the link that has the focus
  await wait(); note(cell);
  const result = document.createElement("pre");
  result.id = "steps";
  result.textContent = JSON.stringify(steps);
  document.body.append(result);
});
"""


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt-get install chromium)")
def test_from_finding_to_cell_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = make_broken(tmp_path)
    another = WorkspaceCopy.make(tmp_path / "another")
    # of several units, the sections are closed
    (another.root / "content" / UNIT).rename(copy.root / "content" / "另一单位")
    report = tmp_path / "report.html"
    CommandLine(copy.root, capsys)("check", "--output", str(report))
    start, cell, finding, again = driven(report, tmp_path)
    assert start["closed"]
    for step, aim in ((cell, start["cell"]), (finding, start["finding"]), (again, start["cell"])):
        assert step["hash"] == f"#{aim}"
        assert (step["seen"], step["target"], step["flash"]) == (True, True, "flash")
    assert cell["focus"] == f"#{start['finding']}"
    assert finding["focus"] == f"#{start['cell']}"


def driven(report: Path, folder: Path) -> list[dict[str, Any]]:
    """Return what the driver notes on the page; the page's own policy, which forbids foreign scripts, is left out."""
    page = re.sub(r"<meta http-equiv=[^>]*>", "", report.read_text(encoding="utf-8"))
    copy = folder / "driven.html"
    copy.write_text(page.replace("</body>", f"<script>{DRIVER}</script></body>"), encoding="utf-8")
    run = subprocess.run(
        [str(CHROMIUM), *QUIET, f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=5000", "--dump-dom",
         copy.as_uri()], capture_output=True, text=True, encoding="utf-8", timeout=120, check=True,
    )
    found = re.search(r'<pre id="steps">(.*?)</pre>', run.stdout, re.DOTALL)
    assert found, run.stderr[-2000:]
    steps: list[dict[str, Any]] = json.loads(html.unescape(found[1]))
    return steps
