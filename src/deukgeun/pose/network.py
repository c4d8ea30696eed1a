"""A LiteRT network: float32 in, float32 out, with an explicit number of threads."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float32]


class Network:
    """One network. ``seconds`` and ``calls`` add up the time spent in it, for the benchmarks."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        with _native_log_silenced():
            self._interpreter = _interpreter(path, threads)
        self._input = self._interpreter.get_input_details()[0]
        self._outputs = self._interpreter.get_output_details()
        self.seconds = 0.0
        self.calls = 0

    @property
    def input_size(self) -> int:
        """The side in pixels of the square picture it takes."""
        return int(self._input["shape"][1])

    @property
    def output_shapes(self) -> list[tuple[int, ...]]:
        """The shapes of the outputs, batch axis included."""
        return [tuple(int(n) for n in d["shape"]) for d in self._outputs]

    def __call__(self, tensor: Tensor) -> list[Tensor]:
        """Return copies of all outputs for one input (1, S, S, 3)."""
        started = perf_counter()
        self._interpreter.set_tensor(self._input["index"], tensor)
        self._interpreter.invoke()
        outputs = [self._interpreter.get_tensor(d["index"]) for d in self._outputs]
        self.seconds += perf_counter() - started
        self.calls += 1
        return outputs


def _interpreter(path: Path, threads: int) -> Any:  # the library has no types
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(path), num_threads=threads)
    interpreter.allocate_tensors()
    return interpreter


@contextmanager
def _native_log_silenced() -> Iterator[None]:
    """Keep the C++ library's start-up notice off the terminal: it writes to the descriptor, not to sys.stderr."""
    sys.stderr.flush()
    saved = os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(null)
