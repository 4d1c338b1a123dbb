"""Asks ClickHouse in this process (chDB) for the rows of the highest risk: python score.py, after `wardian seal`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import chdb

HERE = Path(__file__).parent

#: Functions of WebAssembly are experimental: a server has these two lines in its configuration.
CONFIGURATION = """<clickhouse>
  <allow_experimental_webassembly_udf>true</allow_experimental_webassembly_udf>
  <webassembly_udf_engine>wasmtime</webassembly_udf_engine>
</clickhouse>
"""


def statements(sql: str) -> list[str]:
    """The statements of a script, without its comments."""
    lines = "\n".join(line for line in sql.splitlines() if not line.startswith("--"))
    return [statement for statement in lines.split(";\n") if statement.strip()]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.xml")
        config.write_text(CONFIGURATION)
        database = chdb.connect(f"{folder}/store?config-file={config}")
        try:
            for script in ("risk.sql", "score.sql"):
                for statement in statements((HERE / script).read_text(encoding="utf-8")):
                    print(database.query(statement, "CSVWithNames"), end="")
        finally:
            database.close()


if __name__ == "__main__":
    main()
