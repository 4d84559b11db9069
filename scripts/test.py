"""All tests: first the quick ones, then those that start the whole product or drive a browser.

Two at a time, for a browser and a product in the making wait a lot; the busiest ones run alone at the end.
"""

import subprocess
import sys

NO_TESTS = 5  # pytest's status when nothing was selected
# A file's tests share what they start; in the order of collection no long file comes last.
FILE_BY_FILE = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
PARTS: tuple[list[str], ...] = (
    ["-n", "2", "-m", "not browser and not acceptance"],
    [*FILE_BY_FILE, "-m", "(browser or acceptance) and not alone"],
    ["-m", "alone"],
)


def main() -> int:
    for part in PARTS:
        status = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *part, *sys.argv[1:]], check=False
        ).returncode
        if status not in {0, NO_TESTS}:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
