"""The documents for users, read as what they promise: commands to run, files to write, outputs to see.

A fenced block's language, and what follows it, say what the reader does with it::

    ```bash                      run the lines, in order (make, npm and source are left to the reader)
    ```yaml content/…/决算.yaml   write the file; 决算.yaml alone marks an extract of such a file
    ```diff content/…/决算.yaml   change the lines that begin with - into those that begin with +
    ```word templates/…/说明.docx add these paragraphs to the part; alone, an extract of some part
    ```text                      what the last commands said has these lines
    ```text 印出                  the document made last, or by the extract before, has these lines
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn

from builder.cli import main

ROOT = Path(__file__).resolve().parent.parent
FENCED = re.compile(r"^```(\w*)[ \t]*(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACES = ("content/", "templates/", ".vscode/")
EXAMPLE = "content/鄂州市医疗保障服务中心"
LEFT_TO_THE_READER = ("make ", "npm ", "source ")
SHELL = re.compile(r"[|<>&;$*?]")
"""What a shell does something with."""
LIBREOFFICE = re.compile(r"^juesuan (?:paginate\b|.*--pdf\b)")
READMES = ("README.md", "README.zh-CN.md")
FILLING_IN = "docs/资料填写说明.md"
FORMS = "templates/README.zh-CN.md"
GUIDES = (*READMES, FILLING_IN, FORMS)


@dataclass(frozen=True)
class Fence:
    """One fenced block of a document."""

    language: str
    info: str
    body: str

    @property
    def lines(self) -> list[str]:
        return self.body.splitlines()

    @property
    def is_whole_file(self) -> bool:
        return self.info.startswith(PLACES)

    @property
    def commands(self) -> list[str]:
        """The lines of a block of commands, without comments."""
        return [line for line in (re.sub(r"(?:^|\s+)#.*", "", line) for line in self.lines) if line.strip()]


def fences(document: str) -> list[Fence]:
    """Return the fenced blocks of a document, in order."""
    return [Fence(*found) for found in FENCED.findall((ROOT / document).read_text(encoding="utf-8"))]


def extracts(language: str) -> list[tuple[str, Fence, Fence | None]]:
    """Return the blocks of that language that are extracts, with their document and what they print if it is shown."""
    found = []
    for document in GUIDES:
        blocks = fences(document)
        for block, after in zip(blocks, [*blocks[1:], None], strict=True):
            if block.language == language and not block.is_whole_file:
                found.append((document, block, after if after and after.info == "印出" else None))
    return found


def write_paragraphs(part: Path, lines: Sequence[str]) -> None:
    """Add a paragraph a line to a Word file; lines between bars are the rows of a table."""
    document = Document(str(part)) if part.exists() else Document()
    table = None
    for line in lines:
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("|") else []
        if not cells:
            table = None
            document.add_paragraph(line)
            continue
        table = table or document.add_table(0, len(cells))
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    document.save(str(part))


def printed_lines(document: Path) -> set[str]:
    """Return the text of every paragraph of a document, in tables too."""
    body = Document(str(document)).element.body
    return {"".join(text.text or "" for text in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))}


class Reader:
    """One who does what a document says, in a copy of the workspace.

    Commands are given to a shell, or run within this process where they are juesuan's, which takes a tenth of the time.
    """

    def __init__(self, folder: Path, *, shell: bool = False, libreoffice: bool = False) -> None:
        self.folder, self.shell, self.libreoffice = folder, shell, libreoffice
        self.output = ""
        self.ran: list[str] = []
        for path in (EXAMPLE, "templates"):  # not the units that someone has made here since
            shutil.copytree(ROOT / path, folder / path)
        program = folder / ".venv" / "juesuan"
        program.parent.mkdir()
        start = f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -X utf8 -m builder.cli "$@"'
        program.write_text(f"#!/bin/sh\n{start}\n", encoding="utf-8")
        program.chmod(0o755)

    def follow(self, document: str) -> None:
        """Do everything that the document shows, and see that what comes of it is what it shows."""
        extract = False
        for fence in fences(document):
            if fence.language == "bash":
                self.run(fence.commands)
            elif fence.language == "text" and fence.info == "印出":
                if not extract:
                    self.see(fence.lines, printed_lines(self.last_document()))
            elif fence.language == "text":
                self.see(fence.lines, set(self.output.splitlines()))
            elif fence.is_whole_file:
                self.write(fence)
            if fence.language != "text":
                extract = fence.language == "word" and not fence.is_whole_file

    def see(self, shown: Sequence[str], there: set[str]) -> None:
        """See that every shown line is there."""
        lacking = [line for line in shown if line not in there]
        assert not lacking, "\n".join([*lacking, "— is not among —", *sorted(there)])

    def run(self, commands: Sequence[str]) -> None:
        """Run the lines. A command may find mistakes (1), but it must exist and not break down."""
        self.output = ""
        for command in commands:
            if command.startswith(LEFT_TO_THE_READER) or (LIBREOFFICE.match(command) and not self.libreoffice):
                continue
            status, said = self.answer(command)
            assert "Traceback" not in said, f"{command}\n{said}"
            assert status == 0 or (status == 1 and "错误：" in said), f"{command}\n{said}"
            self.output += said
            self.ran.append(command)

    def answer(self, command: str) -> tuple[int, str]:
        """Return a line's exit status and what it says."""
        words = shlex.split(command)
        if words[0] == "juesuan" and not (self.shell or SHELL.search(command)):
            out, err = io.StringIO(), io.StringIO()
            with contextlib.chdir(self.folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = main(words[1:])
            return status, out.getvalue() + err.getvalue()
        path = os.pathsep.join((str(self.folder / ".venv"), os.environ["PATH"]))
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=os.environ | {"PATH": path},
            capture_output=True, encoding="utf-8", check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def write(self, fence: Fence) -> None:
        """Write, change or add to the file that a block is about."""
        path = self.folder / fence.info
        path.parent.mkdir(parents=True, exist_ok=True)
        if fence.language == "word":
            write_paragraphs(path, fence.lines)
        elif fence.language == "diff":
            text = path.read_text(encoding="utf-8")
            old, new = ("".join(f"{line[1:]}\n" for line in fence.lines if line[0] == sign) for sign in "-+")
            assert text.count(old) == 1, f"{fence.info} has {text.count(old)} times:\n{old}"
            path.write_text(text.replace(old, new), encoding="utf-8")
        else:
            path.write_text(fence.body, encoding="utf-8")

    def last_document(self) -> Path:
        """Return the document that was made last."""
        return max((self.folder / "output").rglob("*.docx"), key=lambda path: path.stat().st_mtime_ns)
