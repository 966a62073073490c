"""Change one entry of a YAML file in place: the rest stays to the byte, and of the entry what is not changed.

Needs ruamel.yaml (the ``workbench`` extra), which keeps comments, quotes and the style of every list.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from typing import Any

_WIDE = 1_000_000
"""No line is broken for its length."""


def changed_entry(text: str, key: str, change: Callable[[Any], None]) -> str:
    """Return the text of a YAML file in which one of its topmost entries is changed.

    Line ends, and whether the last line has one, stay as they are.

    Args:
        text: the file, a mapping.
        key: the entry.
        change: changes the mapping that holds the entry, in place, and nothing beside the entry.
    """
    plain = text.replace("\r\n", "\n")
    before, entry, after = _parted(plain, key)
    yaml = _yaml(entry)
    data = yaml.load(entry)
    change(data)
    written = io.StringIO()
    yaml.dump(data, written)
    found = written.getvalue()
    if not plain.endswith("\n") and not after:
        found = found.removesuffix("\n")
    found = before + found + after
    return found.replace("\n", "\r\n") if "\r\n" in text else found


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    listed = re.search(r"^( *)[^ #\n-][^\n]*:[ ]*(?:#.*)?\n(?: *(?:#.*)?\n)*( *)- ", text, re.MULTILINE)
    if listed is None or len(listed.group(2)) > len(listed.group(1)):
        yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _parted(text: str, key: str) -> tuple[str, str, str]:
    """Return what stands before an entry, the entry with its lines, and what stands after it.

    A file that is one flow, in brackets, is its only entry.
    """
    data = _yaml(text).load(text)
    if data.fa.flow_style():
        return "", text, ""
    lines = text.splitlines(keepends=True)
    begins = sorted(data.lc.key(name)[0] for name in data)
    first = data.lc.key(key)[0]
    last = next((line for line in begins if line > first), len(lines))
    return "".join(lines[:first]), "".join(lines[first:last]), "".join(lines[last:])


def rename(mapping: Any, name: str, to: str) -> None:
    """Give an entry of a mapping another name, where it stands."""
    place = list(mapping).index(name)
    value, comment = mapping[name], mapping.ca.items.pop(name, None)
    del mapping[name]
    mapping.insert(place, to, value)
    if comment is not None:
        mapping.ca.items[to] = comment


def set_list(listed: Any, wanted: Sequence[str]) -> None:
    """Let a list hold some words: those that stay keep their places and comments, new ones come last."""
    for place in range(len(listed) - 1, -1, -1):
        if listed[place] not in wanted:
            del listed[place]
    for word in wanted:
        if word not in listed:
            listed.append(word)
    if not listed:
        listed.fa.set_flow_style()


def added_entry(text: str, section: str, name: str, entry: str) -> str:
    """Return the text of a YAML file with an entry more at the end of one of its sections; nothing else changes.

    Args:
        text: the file, a mapping of sections.
        section: the section; it is begun where the file has none.
        name: the name of the entry.
        entry: what it says, as YAML that begins at the margin.
    """
    data = _yaml(text).load(text) or {}
    indented = "".join(f"    {line}" if line.strip() else line for line in entry.splitlines(keepends=True))
    block = f"  {name}:\n{indented}"
    if section not in data:
        return f"{text.rstrip()}\n\n{section}:\n{block}" if text.strip() else f"{section}:\n{block}"
    if not data[section] or data[section].fa.flow_style():

        def change(file: Any) -> None:
            file[section][name] = _yaml(entry).load(entry)
            file[section].fa.set_block_style()

        return changed_entry(text, section, change)
    before, found, after = _parted(text, section)
    body = found.rstrip()
    return f"{before}{body}\n{block}{found[len(body) :].removeprefix(chr(10))}{after}"
