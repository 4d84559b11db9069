"""The machine code of kernels: compiled by numba once, kept in a folder, linked by llvmlite.

Linking takes milliseconds and needs a tenth of numba's memory, which is why a fresh process answers at once.
The folder is `PARCOURS_ENGINE_CACHE`, or one beside the code, or one of the user's where that cannot be
written to. Code is kept apart by the text of its module, the processor and the version of LLVM.
"""

import ctypes
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from types import FunctionType
from typing import Any

_LOCK = Lock()

# Named by code that kernels carry along but never run: they allocate nothing and are not called through
# Python.
_NEVER_CALLED = (
    "NRT_MemInfo_call_dtor",
    "NRT_adapt_ndarray_from_python",
    "numba_gil_ensure",
    "numba_gil_release",
    "numba_unpickle",
)


def address_of(function: Callable[..., Any], signature: tuple[str, ...]) -> int:
    """Where the function's machine code stands, compiled first if it has to be."""
    with _LOCK:
        name = _file_name(function, signature)
        symbol, code = _kept(name) or _compiled(function, signature, name)
        linker = _linker()
        linker.add_object_file(_binding().ObjectFileRef.from_data(code))
        linker.finalize_object()
        return int(linker.get_function_address(symbol))


@lru_cache(maxsize=1)
def _binding() -> Any:
    import llvmlite.binding as llvm  # type: ignore[import-untyped]

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    for name in _NEVER_CALLED:
        llvm.add_symbol(name, ctypes.cast(_UNREACHABLE, ctypes.c_void_p).value)
    return llvm


# Kept for as long as the process, for machine code holds its address.
_UNREACHABLE = ctypes.CFUNCTYPE(None)(lambda: None)


@lru_cache(maxsize=1)
def _linker() -> Any:
    llvm = _binding()
    machine = llvm.Target.from_default_triple().create_target_machine(jit=True)
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)


def _file_name(function: Callable[..., Any], signature: tuple[str, ...]) -> str:
    llvm = _binding()
    facts = [
        _module_text(function.__code__.co_filename),
        function.__name__,
        *signature,
        *map(str, llvm.llvm_version_info),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
        sys.platform,
    ]
    digest = hashlib.sha256("\0".join(facts).encode()).hexdigest()
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}.{digest[:20]}.o"


@lru_cache(maxsize=64)
def _module_text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def _folders() -> Iterator[Path]:
    """Where code may be kept, in the order of preference."""
    named = os.environ.get("PARCOURS_ENGINE_CACHE")
    if named:
        yield Path(named)
        return
    yield Path(__file__).parent / "__pycache__" / "kernels"
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    yield (Path(home) if home else Path.home() / ".cache") / "parcours" / "kernels"


def _kept(name: str) -> tuple[str, bytes] | None:
    for folder in _folders():
        with suppress(OSError):
            symbol, _, code = (folder / name).read_bytes().partition(b"\n")
            return symbol.decode(), code
    return None


def _compiled(function: Callable[..., Any], signature: tuple[str, ...], name: str) -> tuple[str, bytes]:
    import numba

    types = tuple(_type(each) for each in signature)
    dispatcher = numba.njit([types], nogil=True, error_model="numpy")(_with_helpers(function))
    compiled: Any = dispatcher.overloads[dispatcher.signatures[0]]
    library = compiled.library
    _check_symbols(library.get_llvm_str())
    symbol = compiled.fndesc.llvm_func_name
    code = library._get_compiled_object()  # noqa: SLF001 the same bytes numba's own cache keeps
    _keep(name, symbol.encode() + b"\n" + code)
    return symbol, code


def _with_helpers(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with the helpers it names in a form that numba can compile into it."""
    import numba

    from parcours.engine.jit import Helper

    helpers = {
        name: value
        for name, value in function.__globals__.items()
        if isinstance(value, Helper) and name in function.__code__.co_names
    }
    if any(helper.function.__module__ != function.__module__ for helper in helpers.values()):
        raise RuntimeError(
            "A helper stands in the module of its kernels, whose text says whether to compile."
        )
    compiled = {
        name: numba.njit(_with_helpers(value.function), error_model="numpy", inline="always")
        for name, value in helpers.items()
    }
    return FunctionType(function.__code__, function.__globals__ | compiled, function.__name__)


def _type(name: str) -> Any:
    import numpy as np
    from numba import from_dtype, types

    scalar = from_dtype(np.dtype(name.removesuffix("!").removesuffix("[]")))
    if "[]" not in name:
        return scalar
    return types.Array(scalar, 1, "C", readonly=not name.endswith("!"))


def _check_symbols(assembly: str) -> None:
    """LLVM ends the process over a name it cannot resolve, so none may be left."""
    llvm = _binding()
    module = llvm.parse_assembly(assembly)
    names = [each.name for each in (*module.functions, *module.global_variables) if each.is_declaration]
    unknown = [name for name in names if not name.startswith("llvm.") and not llvm.address_of_symbol(name)]
    if unknown:
        raise RuntimeError(f"A kernel may only use numbers and arrays; this one needs {', '.join(unknown)}.")


def _keep(name: str, content: bytes) -> None:
    """Written beside and renamed, so that another process finds all of it or nothing."""
    for folder in _folders():
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
                file.write(content)
            Path(file.name).replace(folder / name)
            return
