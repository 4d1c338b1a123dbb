"""The engine as WebAssembly: the C interface of ``capi/`` in wasmtime, or, in Pyodide, in the browser.

What is handed over is copied into the module's memory, and answers out of it: a module sees no memory but its own. Many rows go in parts,
which stay in the processor's near memories. All of a part is one call, of one argument: each costs more than a row's answer.
"""

from __future__ import annotations

import json
import struct
import sys
import threading
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

#: The bytes of values and answers that are in the module at a time.
_PART = 256 << 10
#: What a part asks, as 32-bit words: `wardian_question`, and what aligns what follows it.
_QUESTION = struct.Struct("<10I24x")


class _Host(Protocol):
    """What runs a module."""

    def call(self, name: str, *arguments: int) -> Any:
        """Calls a function of the module's."""

    def write(self, address: int, data: bytes | memoryview) -> None:
        """Copies bytes into the module's memory."""

    def read(self, address: int, out: memoryview) -> None:
        """Copies bytes out of it."""


def _module() -> bytes:
    from importlib.resources import files

    return files("wardian").joinpath("engine.wasm").read_bytes()


def _in_wasmtime() -> Callable[[], _Host]:
    import ctypes

    try:
        import wasmtime
    except ModuleNotFoundError as error:
        raise ImportError("wardian's engine for this machine is WebAssembly: install wasmtime") from error
    config = wasmtime.Config()
    config.cranelift_opt_level = "speed"
    engine = wasmtime.Engine(config)
    module = wasmtime.Module(engine, _module())

    class Wasmtime:
        def __init__(self) -> None:
            self._store = wasmtime.Store(engine)
            self._exports: Any = wasmtime.Instance(self._store, module, []).exports(self._store)
            self._memory: Any = self._exports["memory"]
            self._functions: dict[str, Any] = {}
            self._seen = (0, 0)

        def call(self, name: str, *arguments: int) -> Any:
            function = self._functions.get(name)
            if function is None:
                function = self._functions[name] = self._exports[name]
            return function(self._store, *arguments)

        def _bytes(self) -> np.ndarray:
            # Memory may have grown, or moved, since the last call.
            pointer, length = self._memory.data_ptr(self._store), self._memory.data_len(self._store)
            address = ctypes.addressof(pointer.contents)
            if (address, length) != self._seen:
                self._seen = (address, length)
                self._view = np.frombuffer((ctypes.c_ubyte * length).from_address(address), dtype=np.uint8)
            return self._view

        def write(self, address: int, data: bytes | memoryview) -> None:
            self._bytes()[address : address + len(data)] = np.frombuffer(data, dtype=np.uint8)

        def read(self, address: int, out: memoryview) -> None:
            np.frombuffer(out, dtype=np.uint8)[:] = self._bytes()[address : address + len(out)]

    return Wasmtime


def _in_pyodide() -> Callable[[], _Host]:
    from js import WebAssembly  # pyright: ignore[reportMissingImports]
    from pyodide.ffi import to_js  # pyright: ignore[reportMissingImports]

    module = WebAssembly.Module.new(to_js(_module()))

    class Browser:
        def __init__(self) -> None:
            self._exports = WebAssembly.Instance.new(module).exports

        def call(self, name: str, *arguments: int) -> Any:
            return getattr(self._exports, name)(*arguments)

        def _bytes(self, address: int, length: int) -> Any:
            from js import Uint8Array  # pyright: ignore[reportMissingImports]

            return Uint8Array.new(self._exports.memory.buffer, address, length)

        def write(self, address: int, data: bytes | memoryview) -> None:
            self._bytes(address, len(data)).assign(data)

        def read(self, address: int, out: memoryview) -> None:
            self._bytes(address, out.nbytes).assign_to(out)

    return Browser


_hosts: Callable[[], _Host] | None = None
_starting = threading.Lock()


def _host() -> _Host:
    """A new instance of the module, which is compiled once."""
    global _hosts
    with _starting:
        if _hosts is None:
            _hosts = _in_pyodide() if sys.platform == "emscripten" else _in_wasmtime()
    return _hosts()


class Engine:
    """A model in an instance of its own: one thread asks it at a time."""

    def __init__(self, data: bytes, options: str) -> None:
        self._host = _host()
        self._lock = threading.Lock()
        #: Memory for parts: its address, and how many bytes it has.
        self._kept = (0, 0)
        with self._lock:
            self._length = _unsigned(self._host.call("wardian_allocate", 8))
            file, file_size = self._put(data)
            said, said_size = self._put(options.encode())
            try:
                self._model = self._checked(self._host.call("wardian_open", file, len(data), said, said_size))
            finally:
                self._release(file, file_size)
                self._release(said, said_size)
            description = json.loads(self._text("wardian_describe", self._model))
        self._width = len(description["features"])
        self._outputs = description["outputs"]
        self._predictions = description["predictions"]
        self._type = np.dtype(np.float64 if description["answerBits"] == 64 else np.float32)
        self._description = json.dumps(description)

    def describe(self) -> str:
        return self._description

    def save(self) -> bytes:
        with self._lock:
            return self._text("wardian_save", self._model)

    def ask(self, question: str) -> str:
        with self._lock:
            address, size = self._put(question.encode())
            try:
                return self._text("wardian_ask", self._model, address, size).decode()
            finally:
                self._release(address, size)

    def seal(self, request: str, shell: bytes) -> bytes:
        with self._lock:
            asked, asked_size = self._put(request.encode())
            given, given_size = self._put(shell)
            try:
                return self._text("wardian_seal", self._model, asked, asked_size, given, given_size)
            finally:
                self._release(asked, asked_size)
                self._release(given, given_size)

    def answer(self, what: int, rows: Any, base_margins: Any = None, threads: int = 1) -> Any:
        columns = rows if isinstance(rows, list) else None
        first: Any = rows if columns is None else columns[0][0] if isinstance(columns[0], tuple) else columns[0]
        count, kind = len(first), first.dtype
        per_row = (self._predictions, self._outputs, self._outputs * (self._width + 1))[what]
        out = np.empty(count * per_row, dtype=np.float64 if what == 2 else self._type)
        if base_margins is not None and len(base_margins) != count * self._outputs:
            message = f"{len(base_margins)} base margins for {count} rows; {count * self._outputs} are due"
            raise ValueError(message, "wrong_field_count", None)
        row_bytes = self._width * kind.itemsize + per_row * out.itemsize
        # Whole bytes of bits.
        step = max(8, _PART // row_bytes // 8 * 8)
        for start in range(0, count, step) or (0,):
            end = min(count, start + step)
            base = None if base_margins is None else base_margins[start * self._outputs : end * self._outputs]
            told = rows[start:end] if columns is None else [_between(column, start, end) for column in columns]
            try:
                with self._lock:
                    self._part(what, told, end - start, base, out[start * per_row : end * per_row])
            except ValueError as error:
                raise _further(error, start) from None
        return out

    # The lock is held by all that follow.

    def _part(self, what: int, rows: Any, count: int, base_margins: Any, out: np.ndarray) -> None:
        """Asks for some rows, and writes the answers to ``out``."""
        pieces: list[tuple[int, Any]] = []
        end = _QUESTION.size

        def put(data: Any, length: int) -> int:
            # Where it will be, from the room's beginning on.
            nonlocal end
            place = end
            end += (length + 7) // 8 * 8
            if length and data is not None:
                pieces.append((place, data))
            return place

        columns: list[tuple[int, int | None, int]] = []
        if isinstance(rows, list):
            width = 0
            for column in rows:
                values, bits, first = column if isinstance(column, tuple) else (column, None, 0)
                width = values.itemsize
                columns.append((put(values, values.nbytes), None if bits is None else put(bits, bits.nbytes), first))
            place = put(None, 12 * len(columns))
        else:
            width, place = rows.itemsize, put(rows, rows.nbytes)
        base = None if base_margins is None else put(base_margins, base_margins.nbytes)
        answers = put(None, out.nbytes)
        room = self._room(end)
        if columns:
            # An array of `wardian_nullable`.
            words = [(room + values, 0 if bits is None else room + bits, first) for values, bits, first in columns]
            pieces.append((place, struct.pack(f"<{3 * len(words)}I", *[word for three in words for word in three])))
        layout = 2 if columns else 0
        base_at = 0 if base is None else room + base
        asked = (self._model, what, 8 * width, layout, room + place, count, base_at, 1, room + answers, len(out))
        self._host.write(room, _QUESTION.pack(*asked))
        for place, data in pieces:
            self._host.write(room + place, data if isinstance(data, bytes) else _bytes(data))
        if self._host.call("wardian_answer_question", room):
            raise self._fault()
        if out.nbytes:
            self._host.read(room + answers, _bytes(out))

    def _room(self, size: int) -> int:
        """The address of so many bytes, which are kept for the next part."""
        if size > self._kept[1]:
            self._release(*self._kept)
            self._kept = (0, 0)
            # A little more, so that a part that is a little larger finds room.
            self._kept = (_unsigned(self._host.call("wardian_allocate", size + size // 4)), size + size // 4)
        return self._kept[0]

    def _put(self, data: bytes) -> tuple[int, int]:
        address = _unsigned(self._host.call("wardian_allocate", len(data)))
        if data:
            self._host.write(address, memoryview(data))
        return address, len(data)

    def _release(self, address: int, size: int) -> None:
        self._host.call("wardian_release", address, size)

    def _checked(self, address: Any) -> int:
        if not address:
            raise self._fault()
        return _unsigned(address)

    def _text(self, name: str, *arguments: int) -> bytes:
        address = self._checked(self._host.call(name, *arguments, self._length))
        return self._taken(address)

    def _taken(self, address: int) -> bytes:
        length = bytearray(4)
        self._host.read(self._length, memoryview(length))
        out = bytearray(struct.unpack("<I", length)[0])
        if out:
            self._host.read(address, memoryview(out))
        self._host.call("wardian_free", address, len(out))
        return bytes(out)

    def _fault(self) -> ValueError:
        address = _unsigned(self._host.call("wardian_failure", self._length))
        said = json.loads(self._taken(address))
        return ValueError(said["message"], said["code"], said["field"])


def _between(column: Any, start: int, end: int) -> Any:
    """Some values of a column, from one whose bit is a byte's first, as the column's first is."""
    if not isinstance(column, tuple):
        return column[start:end]
    values, bits, first = column
    return values[start:end], bits[start // 8 : -(-(first + end) // 8)], first


def _bytes(array: np.ndarray) -> memoryview:
    return memoryview(array.data).cast("B")


def _unsigned(address: Any) -> int:
    # WebAssembly's numbers have no sign, and those of its hosts have.
    return int(address) & 0xFFFFFFFF


def _further(error: ValueError, rows: int) -> ValueError:
    """The error of a part as one of all rows: it counts its rows from 1."""
    message, *rest = error.args
    if rows and message.startswith("row "):
        number, _, more = message[4:].partition(",")
        if number.isdecimal():
            message = f"row {int(number) + rows},{more}"
    return ValueError(message, *rest)
