"""ClickHouse in this process, with functions of WebAssembly allowed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import chdb

#: How a query asks for models: without a limit on what a call computes, and with blocks that fit a processor's cache.
SETTINGS = "SETTINGS webassembly_udf_max_fuel = 0, webassembly_udf_max_input_block_size = 8192"


@contextmanager
def database(folder: Path) -> Iterator[Any]:
    (folder / "config.xml").write_text(
        "<clickhouse><allow_experimental_webassembly_udf>true</allow_experimental_webassembly_udf>"
        "<webassembly_udf_engine>wasmtime</webassembly_udf_engine></clickhouse>"
    )
    opened = chdb.connect(f"{folder}/store?config-file={folder}/config.xml")
    try:
        yield opened
    finally:
        opened.close()


def take_in(database: Any, module: Path, sql: str) -> None:
    """Runs the statements that `wardian seal --for clickhouse` writes beside a module."""
    # Where the server has its user_files is the only thing that it is not told.
    sql = sql.replace(f"'{module.name}'", f"'{module}'")
    lines = "\n".join(line for line in sql.splitlines() if not line.startswith("--"))
    for statement in lines.split(";\n"):
        if statement.strip():
            database.query(statement)
