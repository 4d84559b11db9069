"""All tests: first the quick ones, then those that start the whole product or drive a browser.

Two at a time, for a browser and a product in the making wait a lot; the busiest ones run alone at the end.
"""

import subprocess
import sys

NO_TESTS = 5  # pytest's status when nothing was selected
# A file's tests share what they start; in the order of collection no long file comes last.
FILE_BY_FILE = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
# Two products and two browsers on two cores miss a moment now and then. Whatever needed its second try is
# listed by name at the end: a fault of the test or of the product, to be found and mended.
SECOND_TRY = ("--reruns", "1", "-r", "fER")
PARTS: tuple[list[str], ...] = (
    ["-n", "2", "-m", "not browser and not acceptance"],
    [*FILE_BY_FILE, *SECOND_TRY, "-m", "(browser or acceptance) and not alone"],
    [*SECOND_TRY, "-m", "alone"],
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
