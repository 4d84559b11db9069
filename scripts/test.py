"""All tests: first the quick ones, then those that start the whole product or drive a browser."""

import subprocess
import sys

NO_TESTS = 5  # pytest's status when nothing was selected
PARTS = (
    ["-n", "2", "-m", "not browser and not acceptance"],
    ["-m", "browser or acceptance"],
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
