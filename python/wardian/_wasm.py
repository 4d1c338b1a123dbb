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

#: The bytes of values and answers that are in the module at a time: so many that what a part costs by itself, half a hundred microseconds,
#: is not much of it.
_PART = 1 << 20
#: The bytes of a file of rows, at most: a cell of two bytes becomes a number of eight, twice, and all memory is 4 GB.
_LARGEST_FILE = 1 << 28
#: What a part asks, as 32-bit words: `wardian_question`, and what aligns what follows it.
_QUESTION = struct.Struct("<10I24x")


class _Host(Protocol):
    """What runs a module."""

    def call(self, name: str, *arguments: int) -> Any:
        """Calls a function of the module's."""

    def write(self, address: int, data: bytes | memoryview) -> None:
        """Copies bytes into the module's memory."""

    def write_all(self, address: int, arrays: list[np.ndarray]) -> None:
        """Copies arrays of one type into it, one behind another, from a multiple of eight on."""

    def read(self, address: int, out: memoryview) -> None:
        """Copies bytes out of it."""


def _module() -> bytes:
    from importlib.resources import files

    return files("wardian").joinpath("engine.wasm").read_bytes()


def _in_wasmtime() -> Callable[[], _Host]:
    import ctypes
    from contextlib import suppress

    try:
        import wasmtime
    except ModuleNotFoundError as error:
        raise ImportError("wardian's engine for this machine is WebAssembly: install wasmtime") from error
    config = wasmtime.Config()
    config.cranelift_opt_level = "speed"
    # Where there is no folder for caches, or none that may be written to, each process compiles.
    with suppress(wasmtime.WasmtimeError):
        # Wasmtime keeps what it has compiled among the user's caches: the next process has it in 0.04 s, and not in 2.
        config.cache = True
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

        def write_all(self, address: int, arrays: list[np.ndarray]) -> None:
            # Of a hundred columns a copy each would take as long as their rows' answers.
            kind, count = arrays[0].dtype, sum(map(len, arrays))
            room = self._bytes()[address : address + count * kind.itemsize].view(kind)
            np.concatenate(arrays, out=room)

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

        def write_all(self, address: int, arrays: list[np.ndarray]) -> None:
            whole = np.concatenate(arrays)
            if whole.nbytes:
                self.write(address, _bytes(whole))

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

    def rows(self, file: bytes, options: str) -> bytes:
        if len(file) > _LARGEST_FILE:
            message = f"it has {len(file)} bytes, and the engine of WebAssembly reads files of rows up to {_LARGEST_FILE}: split it, or give a Parquet file"
            raise ValueError(message, "invalid_option", None)
        with self._lock:
            given, given_size = self._put(file)
            said, said_size = self._put(options.encode())
            try:
                return self._text("wardian_rows", self._model, given, given_size, said, said_size)
            finally:
                self._release(given, given_size)
                self._release(said, said_size)

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
        told = _Columns(rows) if isinstance(rows, list) else _Matrix(rows)
        for start in range(0, count, step) or (0,):
            end = min(count, start + step)
            base = None if base_margins is None else base_margins[start * self._outputs : end * self._outputs]
            try:
                with self._lock:
                    self._part(what, told, start, end, base, out[start * per_row : end * per_row])
            except ValueError as error:
                raise _further(error, start) from None
        return out

    # The lock is held by all that follow.

    def _part(self, what: int, rows: _Matrix | _Columns, start: int, end: int, base_margins: Any, out: np.ndarray) -> None:
        """Asks for some rows, and writes the answers to ``out``."""
        base = _QUESTION.size + _aligned(rows.size(end - start))
        answers = base + (0 if base_margins is None else _aligned(base_margins.nbytes))
        room = self._room(answers + out.nbytes)
        place = rows.write(self._host, room + _QUESTION.size, start, end)
        if base_margins is not None and base_margins.nbytes:
            self._host.write(room + base, _bytes(base_margins))
        base_at = 0 if base_margins is None else room + base
        asked = (self._model, what, 8 * rows.itemsize, rows.LAYOUT, place, end - start, base_at, 1, room + answers, len(out))
        self._host.write(room, _QUESTION.pack(*asked))
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


class _Matrix:
    """Rows one behind another, as a module is given them."""

    LAYOUT = 0

    def __init__(self, rows: np.ndarray) -> None:
        self._rows = rows
        self.itemsize = rows.itemsize

    def size(self, count: int) -> int:
        """The bytes that so many rows take."""
        return count * int(self._rows.shape[1]) * self.itemsize

    def write(self, host: _Host, address: int, start: int, end: int) -> int:
        """Puts some rows there. Where they are."""
        if start < end:
            host.write(address, _bytes(self._rows[start:end]))
        return address


class _Columns:
    """Columns, as a module is given them: the values of one behind another's, all bits behind these, and an array of `wardian_nullable`."""

    LAYOUT = 2

    def __init__(self, columns: list[Any]) -> None:
        self._values = [column[0] if isinstance(column, tuple) else column for column in columns]
        nullable = [place for place, column in enumerate(columns) if isinstance(column, tuple)]
        self._bits = [columns[place][1] for place in nullable]
        self._nullable = np.array(nullable, dtype=np.intp)
        self._firsts = np.array([columns[place][2] for place in nullable], dtype=np.int64)
        self.itemsize = self._values[0].itemsize

    def _lengths(self, count: int) -> np.ndarray:
        """How many bytes the bits of so many values of each column are in, from a whole byte of the first column's on."""
        return np.asarray((self._firsts + (count + 7)) // 8)

    def size(self, count: int) -> int:
        """The bytes that so many rows take."""
        bits = int(self._lengths(count).sum())
        return _aligned(len(self._values) * count * self.itemsize) + _aligned(bits) + 12 * len(self._values)

    def write(self, host: _Host, address: int, start: int, end: int) -> int:
        """Puts some rows there, from a multiple of eight on. Where the array is."""
        count = end - start
        each, lengths = count * self.itemsize, self._lengths(count)
        words = np.zeros((len(self._values), 3), dtype="<u4")
        words[:, 0] = address + each * np.arange(len(self._values), dtype=np.int64)
        host.write_all(address, [values[start:end] for values in self._values])
        address += _aligned(each * len(self._values))
        if self._bits:
            ends = lengths.cumsum()
            words[self._nullable, 1] = address + ends - lengths
            words[self._nullable, 2] = self._firsts
            first = start // 8
            pairs = zip(self._bits, lengths.tolist(), strict=True)
            host.write_all(address, [bits[first : first + length] for bits, length in pairs])
            address += _aligned(int(ends[-1]))
        host.write(address, _bytes(words))
        return address


def _aligned(size: int) -> int:
    return (size + 7) // 8 * 8


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
