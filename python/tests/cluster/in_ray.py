"""Ray Data, with the recipe of docs/ENGINES.md: every row's answer is compared with XGBoost's."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import ray

sys.path.insert(0, str(Path(__file__).parents[1] / "engines"))
from scored import ROWS, make

import wardian


class Risk:
    """Opens the model once in each of Ray's workers."""

    def __init__(self, path: str) -> None:
        self.model = wardian.load(path)

    def __call__(self, rows: pa.Table) -> pa.Table:
        return rows.append_column("prediction", pa.array(self.model.predict(rows, threads=1)))


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        scored = make(Path(place))
        started = time.perf_counter()
        # Two actors hold a core each; what follows them needs others.
        ray.init(num_cpus=4, include_dashboard=False, log_to_driver=False)
        ready = time.perf_counter()
        two = ray.data.ActorPoolStrategy(size=2)
        rows = ray.data.read_parquet(str(scored.rows))
        found = rows.map_batches(Risk, fn_constructor_args=[str(scored.path)], batch_format="pyarrow", batch_size=65_536, compute=two)

        def wrong(batch: pa.Table) -> dict[str, Any]:
            both = zip(batch["id"].to_pylist(), batch["prediction"].to_numpy() != batch["expected"].to_numpy(), strict=True)
            ids, differ = zip(*both, strict=True)
            return {"id": list(ids), "wrong": list(map(int, differ))}

        told = found.map_batches(wrong, batch_format="pyarrow").to_pandas()
        done = time.perf_counter()
        # A model that is open may be sent as well: it is pickled, and opened once in each task.
        sent = rows.map_batches(lambda batch, model: {"risk": model.predict(batch)}, fn_args=[scored.model], batch_format="pyarrow")
        total = sent.sum("risk")
        ray.shutdown()
    assert sorted(told["id"]) == list(range(ROWS)), "every row is answered once"
    assert int(told["wrong"].sum()) == 0, f"{told['wrong'].sum()} rows have other bits than XGBoost's"
    assert 0 < total < ROWS
    print(f"Ray {ray.__version__}: {ROWS:,} rows, 0 differ; {ready - started:.1f} s to start, {done - ready:.1f} s for the rows")


if __name__ == "__main__":
    main()
