"""`python -m parcours.engine.warm` compiles every kernel, so that no first question waits for it."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator

from parcours.engine import kernels
from parcours.engine.jit import Kernel


def every_kernel() -> Iterator[Kernel]:
    for module in pkgutil.iter_modules(kernels.__path__, f"{kernels.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Kernel):
                yield value


def main() -> None:
    compiled = [kernel.compiled(width) for kernel in every_kernel() for width in kernel.widths()]
    sys.stdout.write(f"{len(compiled)} kernels are ready.\n")


if __name__ == "__main__":
    main()
