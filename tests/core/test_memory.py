import os
import subprocess
import sys

import pytest

from parcours.core.memory import ENVIRONMENT

SCRIPT = """
import ctypes
from pathlib import Path

from parcours.core.memory import give_back


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
blocks = [libc.malloc(50_000) for _ in range(4_000)]
for block in blocks:
    ctypes.memset(block, 1, 50_000)
for block in blocks[:-1]:  # the last one keeps the heap from shrinking by itself
    libc.free(block)
before = resident()
give_back()
print(before - resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks glibc")
def test_what_was_freed_below_something_kept_is_given_back() -> None:
    environment = {**os.environ, **ENVIRONMENT}
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, env=environment
    )
    assert float(ran.stdout) > 100  # of 190 MB
