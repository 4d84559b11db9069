"""One engine answers one question from the file, and says how many megabytes it took at most.

A process of its own, which imports no more than the engine needs: `fresh` in `measuring` times it.
"""

import sys
from pathlib import Path

from benchmarks.engine_parts.naming import STEPS, names
from benchmarks.engine_parts.rivals import RIVALS


def main() -> None:
    engine, question, folder = sys.argv[1:]
    kind = next(each for each in RIVALS if each.name == engine)
    rival = kind(Path(folder) / "events.parquet", names(STEPS), Path(folder))
    rival.from_file()
    getattr(rival, question)()
    print(_peak_megabytes())


def _peak_megabytes() -> float:
    """The most memory this process has used since it was started; the rusage of a child counts its parent."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
