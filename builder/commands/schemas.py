"""``juesuan schema``: JSON Schema of the files."""

from __future__ import annotations

import json
from pathlib import Path

from builder.console import Console
from builder.findings import InputError
from builder.schema import json_schemas
from builder.writing import disk_errors, write_together


def run(kind: str | None, out: Path | None, console: Console) -> int:
    """Print the schema of one kind of file, or of all; or write them into a folder."""
    schemas = json_schemas()
    if kind is not None:
        if kind not in schemas:
            raise InputError(f"没有「{kind}」这种文件；有：{'、'.join(schemas)}")
        schemas = {kind: schemas[kind]}
    if out is None:
        shown = schemas[kind] if kind is not None else schemas
        console.say(json.dumps(shown, ensure_ascii=False, indent=2))
        return 0
    with disk_errors(out):
        out.mkdir(parents=True, exist_ok=True)
        write_together(out, {
            f"{name}.schema.json": (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()
            for name, schema in schemas.items()
        })
    console.success(f"已写出 {len(schemas)} 个文件到 {out}")
    return 0
