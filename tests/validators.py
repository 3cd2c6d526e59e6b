"""The outside programs that judge the generated documents: two validators and LibreOffice.

Both validators are needed. The Open XML SDK's finds elements in the wrong order; openxml-audit finds what the SDK
accepts and Word repairs, such as a table cell without a paragraph.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from openxml_audit import OpenXmlValidator

TOOLS = Path(__file__).resolve().parent / "tools"
SDK_MISSING = "Open XML SDK validator not installed: npm install --prefix tests/tools (needs Node.js 18 or newer)"
SOFFICE_MISSING = "LibreOffice Writer not installed (soffice): apt-get install libreoffice-writer"
CANNOT_RUN = 2  # the SDK validator's exit code where it could judge nothing


class ToolError(RuntimeError):
    """An outside program failed to do its work; this says nothing about the document."""


def find_sdk_validator() -> Path | None:
    """Return the Open XML SDK validator's program, or None where it is not installed."""
    program = TOOLS / "node_modules" / ".bin" / ("ooxml-validator.cmd" if os.name == "nt" else "ooxml-validator")
    if program.exists() and shutil.which("node"):
        return program
    found = shutil.which("ooxml-validator")
    return Path(found) if found else None


def sdk_errors(program: Path, document: Path) -> list[str]:
    """Return what the Open XML SDK finds wrong, as ``part xpath: description``; an unreadable file is one error.

    Raises `ToolError` where the validator could not run.
    """
    result = subprocess.run([program, document], capture_output=True, encoding="utf-8", timeout=120, check=False)
    if result.returncode >= CANNOT_RUN or not result.stdout:
        raise ToolError(f"{program.name} could not run: {result.stderr.strip()}")
    errors = json.loads(result.stdout)["errors"]
    return [f"{error['path'] or document.name} {error['xPath'] or ''}: {error['description']}" for error in errors]


@cache
def _auditor() -> OpenXmlValidator:
    return OpenXmlValidator()  # reading its schemas takes half a second, so once a run


def audit(document: Path) -> list[str]:
    """Return what openxml-audit finds wrong, warnings too, as ``[kind] part:xpath: description``."""
    return [str(error) for error in _auditor().validate(document).errors]


def find_soffice() -> Path | None:
    """Return LibreOffice's program, or None where it is not installed."""
    usual = (
        Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
        Path("C:/Program Files/LibreOffice/program/soffice.com"),
    )
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return Path(found) if found else next((path for path in usual if path.exists()), None)


def to_pdf(program: Path, document: Path, folder: Path) -> Path:
    """Lay a document out with LibreOffice; return the PDF, which stands in the folder under the document's name.

    Works in a profile of its own inside the folder, so neither the user's settings nor an open LibreOffice interfere.
    Raises `ToolError` where no PDF comes out.
    """
    profile = (folder / "profile").resolve().as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", folder]
    fonts = {"FONTCONFIG_FILE": str(TOOLS / "fonts.conf")}
    result = subprocess.run(
        [*command, document], capture_output=True, encoding="utf-8", env=os.environ | fonts, timeout=180, check=False
    )
    pdf = folder / f"{document.stem}.pdf"
    if not pdf.exists():  # LibreOffice exits with 0 where it could not load the document
        raise ToolError(f"LibreOffice made no PDF of {document.name}: {result.stderr.strip()}")
    return pdf
