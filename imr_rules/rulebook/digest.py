"""SHA-256 over the files of a rulebook and of the layers over it."""

from __future__ import annotations

import hashlib
from pathlib import Path

__all__ = ["rulebook_digest"]


def rulebook_digest(base: Path, *layers: Path) -> str:
    """Return SHA-256 over the names and bytes of a rulebook's files, as ``sha256:...``.

    With layers, over the digests of the rulebook and of each layer, in their order.
    """
    digests = [_directory(each) for each in (base, *layers)]
    if not layers:
        return digests[0]
    return "sha256:" + hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _directory(directory: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(directory.glob("**/*.yaml")):
        name = path.relative_to(directory).as_posix().encode()
        try:
            content = path.read_bytes()
        except OSError:  # a directory, or not ours to read: loading says so, with its place
            continue
        total.update(b"%d %s %d\n" % (len(name), name, len(content)))
        total.update(content)
    return "sha256:" + total.hexdigest()
