import subprocess
import sys

SCRIPT = """
import sys
from parcours.cli.parts import keep_pandas_out

keep_pandas_out()
import duckdb
import pyarrow as pa
import pyarrow.compute as pc

print(pc.fill_null(pa.nulls(2, pa.int32()), -1).to_pylist())
print(duckdb.sql("SELECT 7 AS n").to_arrow_table().to_pylist())
print("pandas" in sys.modules)
"""


def test_arrow_and_duckdb_work_from_the_first_call_while_pandas_is_kept_out() -> None:
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split("\n")[:3] == ["[-1, -1]", "[{'n': 7}]", "False"]
