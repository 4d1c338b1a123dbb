"""The page and the package that models are set into, as the package ``wardian`` was built with them."""

from __future__ import annotations

from functools import cache


@cache
def archive() -> bytes:
    """The shell's archive, unpacked: a tar file of 4 MB, which is kept: a notebook shows many models."""
    import lzma
    from importlib.resources import files

    return lzma.decompress(files(__name__).joinpath("shell.tar.xz").read_bytes())
