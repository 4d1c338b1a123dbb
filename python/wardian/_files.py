"""Files that are whole or not there."""

from __future__ import annotations

import errno
import os
import tempfile


def whole(path: str | os.PathLike[str], data: bytes) -> None:
    """Writes a file: beside its place first, then into it. One that is there is replaced at once, or stays as it was."""
    target = os.path.abspath(os.fspath(path))
    folder, name = os.path.split(target)
    if not os.path.isdir(folder):
        # The file beside has a name that nobody asked for.
        raise FileNotFoundError(errno.ENOENT, "the folder is not there", folder)
    handle, beside = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        # A temporary file is its owner's alone; this is to be as any other that is written here.
        mode = os.umask(0)
        os.umask(mode)
        os.chmod(beside, 0o666 & ~mode)
        os.replace(beside, target)
    except BaseException:
        os.unlink(beside)
        raise
