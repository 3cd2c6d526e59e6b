"""Opening a Word part safely: a .docx a user gives is a zip of XML from anywhere, so nothing in it is trusted."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from builder.findings import Finding, InputError, Source
from builder.rendering import wml

if TYPE_CHECKING:
    from pathlib import Path

MAX_MEMBERS = 2_000
MAX_BYTES = 128 * 2**20  # of a package unpacked; a form's part has under 2 MB
MAX_RATIO = 200  # XML packs 10 to 50 times smaller, a zip bomb a thousand times
RATIO_COUNTS_FROM = 2**20
TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
RELS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE_DOCUMENT = f"{wml.R_NS}/officeDocument"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN_TYPES = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one package part to another; ``target`` is a member's name, or an address if ``external``."""

    id: str
    type: str
    target: str
    external: bool = False

    @property
    def kind(self) -> str:
        """The last word of the type, such as ``chart``, ``footer``, ``styles``."""
        return self.type.rsplit("/", 1)[-1]


def source_of(path: Path, root: Path) -> Source:
    """Return the place of a file, relative to the workspace ``root`` where it lies in it."""
    return Source((path.relative_to(root) if path.is_relative_to(root) else path).as_posix())


class Package:
    """A .docx read into memory: members by name, their content types and relationships."""

    def __init__(self, members: dict[str, bytes], source: Source) -> None:
        self.members = members
        self.source = source
        types = self.xml("[Content_Types].xml")
        self._defaults = {
            e.get("Extension", "").lower(): e.get("ContentType", "") for e in types if wml.local(e) == "Default"
        }
        self._overrides = {
            e.get("PartName", "").lstrip("/"): e.get("ContentType", "") for e in types if wml.local(e) == "Override"
        }
        self.main = next((rel.target for rel in self.relationships("") if rel.type == OFFICE_DOCUMENT), "")

    def fail(self, message: str) -> InputError:
        """Return the error that this part cannot be used."""
        return InputError(Finding(message, self.source))

    def content_type(self, name: str) -> str:
        """Return a member's content type, empty if none is declared."""
        return self._overrides.get(name) or self._defaults.get(name.rsplit(".", 1)[-1].lower(), "")

    def xml(self, name: str) -> wml.Element:
        """Return a member parsed; raise InputError if it is missing or not sound XML."""
        if name not in self.members:
            raise self.fail(f"这个 Word 文件不完整，缺少 {name}。请用 Word 或 WPS 打开后重新另存为 .docx。")
        try:
            return wml.parse(self.members[name])
        except wml.UnsafeXmlError:
            raise self.fail(
                f"文件里的 {name} 带有 DTD 或实体声明，Word 不写这种内容，为安全起见不予打开。请改用可靠来源的文件。"
            ) from None
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.fail(
                f"文件里的 {name} 已损坏，不能读取（{error}）。请用 Word 或 WPS 打开后重新另存为 .docx。"
            ) from error

    def relationships(self, name: str) -> tuple[Relationship, ...]:
        """Return the links that start at a member (the package itself for the empty name)."""
        folder, _, file = name.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{file}.rels")
        if rels not in self.members:
            return ()
        found = []
        for element in self.xml(rels):
            target, external = element.get("Target", ""), element.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found.append(Relationship(element.get("Id", ""), element.get("Type", ""), target, external))
        return tuple(found)

    def related(self, name: str, kind: str) -> str:
        """Return the member to which ``name`` has a link of this kind, empty if there is none."""
        for rel in self.relationships(name):
            if rel.kind == kind and not rel.external and rel.target in self.members:
                return rel.target
        return ""

    def body(self) -> wml.Element:
        """Return the ``w:body`` of the main document."""
        body = self.xml(self.main).find(wml.w("body"))
        if body is None:
            raise self.fail("这个 Word 文件没有正文。请用 Word 或 WPS 打开后重新另存为 .docx。")
        return body


def open_part(path: Path, root: Path) -> Package:
    """Open one Word part; ``root`` is the workspace, to which paths in messages are relative.

    Raises InputError: the file is missing, is no .docx, is encrypted, has macros, or is not safe to unpack.
    """
    source = source_of(path, root)
    try:
        with path.open("rb") as file:
            head = file.read(len(_OLE))
            if head == _OLE:
                raise InputError(Finding(_ole_message(head + file.read(2**20)), source))
            if not head.startswith(b"PK"):
                raise InputError(
                    Finding("这不是 .docx 文件。请用 Word 或 WPS 打开后另存为“Word 文档（*.docx）”。", source)
                )
            package = Package(_unpack(path, source), source)
    except FileNotFoundError:
        raise InputError(
            Finding("找不到这个 Word 部件。请检查 style.yaml 中的文件名，或把文件放到这个位置。", source)
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"这个文件打不开（{reason}）。如果它正在 Word 或 WPS 中打开，请先关闭。"
        raise InputError(Finding(message, source)) from error
    _check_kind(package)
    return package


def _check_kind(package: Package) -> None:
    if package.main not in package.members:
        strict = any(rel.type.startswith(wml.STRICT_NS) for rel in package.relationships(""))
        raise package.fail(
            "这个文件存成了“严格 Open XML”格式。请在 Word 中另存为普通的“Word 文档（*.docx）”。"
            if strict
            else "这是压缩包，但不是 Word 文档（没有正文）。请用 Word 或 WPS 另存为 .docx。"
        )
    kind = package.content_type(package.main)
    if "macroEnabled" in kind:
        raise package.fail("这个文件带有宏。请在 Word 中另存为不带宏的“Word 文档（*.docx）”。")
    if kind not in _MAIN_TYPES:
        raise package.fail("这是压缩包，但不是 Word 文档。请用 Word 或 WPS 另存为 .docx。")


def _ole_message(head: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in head:
        return "这个文件设有打开密码，不能读取。请在 Word 或 WPS 中取消密码后保存。"
    return "这是旧格式（.doc 或 .wps）或加密的文件，不是 .docx。请用 Word 或 WPS 另存为“Word 文档（*.docx）”。"


def _unpack(path: Path, source: Source) -> dict[str, bytes]:
    """Return all members; raise InputError where the archive is broken, encrypted or would fill the memory."""
    bomb = "压缩包解开后大得不正常（可能是压缩炸弹），为安全起见不予打开。请改用可靠来源的文件。"
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > MAX_MEMBERS or sum(info.file_size for info in infos) > MAX_BYTES:
                raise InputError(Finding(bomb, source))
            members: dict[str, bytes] = {}
            for info in infos:
                if info.file_size > max(RATIO_COUNTS_FROM, info.compress_size * MAX_RATIO):
                    raise InputError(Finding(bomb, source))
                if info.filename in members:
                    raise InputError(
                        Finding(f"压缩包里 {info.filename} 出现了两次，不是正常的 .docx。请用 Word 另存。", source)
                    )
                members[info.filename] = archive.read(info)
    except RuntimeError as error:  # zipfile's word for a member that needs a password
        raise InputError(
            Finding("这个文件是加密的压缩包，不能读取。请用 Word 或 WPS 另存为 .docx。", source)
        ) from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, zlib.error) as error:
        raise InputError(
            Finding("这个 .docx 文件已损坏，不能解开。请从备份恢复，或用 Word 的“打开并修复”后另存。", source)
        ) from error
    return members
