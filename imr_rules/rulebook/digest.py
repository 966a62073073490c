"""SHA-256 over the files of a rulebook and of the layers over it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path


def rulebook_digest(base: Path, *layers: Path) -> str:
    """Return SHA-256 over the names and bytes of a rulebook's files, as ``sha256:...``.

    With layers, over the digests of the rulebook and of each layer, in their order.
    """
    return digest_of_files(*map(_files, (base, *layers)))


def digest_of_files(*directories: Iterable[tuple[str, bytes]]) -> str:
    """Return the same from the names and bytes of each directory's files, in the order of its paths."""
    digests = []
    for files in directories:
        total = hashlib.sha256()
        for name, content in files:
            encoded = name.encode()
            total.update(b"%d %s %d\n" % (len(encoded), encoded, len(content)))
            total.update(content)
        digests.append("sha256:" + total.hexdigest())
    if len(digests) == 1:
        return digests[0]
    return "sha256:" + hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _files(directory: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(directory.glob("**/*.yaml")):
        try:
            content = path.read_bytes()
        except OSError:  # a directory, or not ours to read: loading says so, with its place
            continue
        yield path.relative_to(directory).as_posix(), content
