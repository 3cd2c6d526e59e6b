"""Writing zip packages (.docx, .xlsx) of which most members never change: those are compressed once.

A package is the same to the byte whenever its members are: names in the given order, no clock, no machine.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_VERSION = 20  # deflate; what every reader since PKZIP 2.0 knows
_UTF8_NAMES = 0x0800
_STORED, _DEFLATED = 0, 8
_PACKAGES = (".xlsx", ".docx")  # compressed within: once more gains nothing
_TIME, _DATE = 0, 0x21  # 1980-01-01 00:00:00, the first moment a zip can name
_BEST = 9  # for what is compressed once a process
_FAST = 2  # for every document: a third of the time of level 6, and a tenth larger


@dataclass(frozen=True, slots=True)
class _Member:
    """One member ready to be written: its local record, and the fields its central record repeats."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    local: bytes

    def central(self, offset: int) -> bytes:
        """Return the entry of the central directory for this member standing at ``offset``."""
        packing = (_VERSION, _VERSION, self.flags, self.method, _TIME, _DATE)
        sizes = (self.crc, self.packed, self.size, len(self.name))
        return _CENTRAL.pack(b"PK\x01\x02", *packing, *sizes, 0, 0, 0, 0, 0, offset) + self.name


def _member(name: str, content: bytes, level: int) -> _Member:
    encoded = name.encode()
    flags = 0 if name.isascii() else _UTF8_NAMES
    method, packed = _STORED, content
    if not name.endswith(_PACKAGES):
        deflater = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        method, packed = _DEFLATED, deflater.compress(content) + deflater.flush()
    crc = zlib.crc32(content)
    header = _LOCAL.pack(
        b"PK\x03\x04", _VERSION, flags, method, _TIME, _DATE, crc, len(packed), len(content), len(encoded), 0
    )
    return _Member(encoded, flags, method, crc, len(packed), len(content), header + encoded + packed)


class Archive:
    """A zip package prepared for many writings; ``fixed`` members come first, compressed once, in their order."""

    def __init__(self, fixed: Iterable[tuple[str, bytes]]) -> None:
        offset = 0
        local: list[bytes] = []
        central: list[bytes] = []
        for name, content in fixed:
            member = _member(name, content, _BEST)
            central.append(member.central(offset))
            local.append(member.local)
            offset += len(member.local)
        self._count = len(local)
        self._local = b"".join(local)
        self._central = b"".join(central)

    def write(self, changing: Iterable[tuple[str, bytes]]) -> bytes:
        """Return the package of the fixed members followed by ``changing``; names must differ from one another."""
        local = [self._local]
        central = [self._central]
        offset = len(self._local)
        count = self._count
        for name, content in changing:
            member = _member(name, content, _FAST)
            central.append(member.central(offset))
            local.append(member.local)
            offset += len(member.local)
            count += 1
        directory = b"".join(central)
        end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), offset, 0)
        return b"".join((*local, directory, end))
