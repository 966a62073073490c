"""Which rulebook is in use, and which layers lie over it: one rule for every command.

``--rulebook``, else ``imr-rules.toml`` in the working directory, else ``./rulesets`` where it is one, else the one
shipped with the package. What is named may be

* a rulebook, a directory with a ``sources.yaml``: it alone;
* a directory that holds one rulebook, and layers: the rulebook with those layers over it;
* a name, ``mtus``: the rulebook, or the layer, of this name that is shipped.

Layers that are named besides lie over that, in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from imr_rules._reading import Document
from imr_rules._validation import StrictModel, validate
from imr_rules.errors import Place, Problem, RulebookError

SETTINGS = Path("imr-rules.toml")
PROJECT = Path("rulesets")
_BASE = ("sources.yaml", "facts.yaml", "treatments.yaml", "instruments.yaml")
"""The files a rulebook has; a directory with any of them is taken for one, and told of those it lacks."""
MANIFEST = "layer.yaml"
"""The file that makes a directory a layer."""


class InUse(NamedTuple):
    """A rulebook and the layers over it.

    Attributes:
        base: the directory of the rulebook.
        layers: the directories of the layers, the lowest first.
        by: what named it, ``imr-rules.toml`` or ``./rulesets``; None where the caller did, or where it is the
            one shipped.
        root: the directory that was named: of the rulebook, or the one that holds it and its layers.
    """

    base: Path
    layers: tuple[Path, ...]
    by: str | None
    root: Path

    @property
    def directories(self) -> tuple[Path, ...]:
        """The directory of the rulebook, then those of the layers."""
        return self.base, *self.layers

    def __str__(self) -> str:
        over = ", ".join(map(str, self.layers))
        return f"{self.base}, with the layers {over}" if over else str(self.base)


class _Settings(StrictModel):
    """``imr-rules.toml``."""

    rulebook: str | None = None
    layers: tuple[str, ...] = ()


def in_use(rulebook: Path | None = None, layers: Iterable[Path] = (), *, which: str | None = None) -> InUse:
    """Return the rulebook in use.

    Args:
        rulebook: what ``--rulebook`` names.
        layers: what ``--layer`` names, the lowest first.
        which: the name of the rulebook that is meant, where there may be several.

    Raises:
        RulebookError: there is no rulebook where one is named, or there are several and none is named.
    """
    above = tuple(layers)
    if rulebook is not None:
        return found(rulebook, above, which=which)
    settings = _settings()
    if settings is not None and (settings.rulebook or settings.layers):
        below = tuple(map(_in_project, settings.layers))
        if settings.rulebook is not None:
            named = found(_in_project(settings.rulebook), (*below, *above), which=which)
        else:
            named = _without_settings((*below, *above), which)
        return named._replace(by=str(SETTINGS))
    return _without_settings(above, which)


def _without_settings(layers: Sequence[Path], which: str | None) -> InUse:
    if PROJECT.is_dir() and (bases_in(PROJECT) or layers_in(PROJECT)):
        here = found(PROJECT, layers, which=which)
        is_shipped = here.root.resolve() == shipped().root.resolve()
        return here if is_shipped else here._replace(by=f"./{PROJECT}")
    return found(None, layers, which=which)


def found(rulebook: Path | None, layers: Iterable[Path] = (), *, which: str | None = None) -> InUse:
    """Return what ``rulebook`` names with ``layers`` over it, whatever the working directory; None is the one shipped.

    Raises:
        RulebookError: there is no rulebook there, or there are several.
    """
    begun = shipped() if rulebook is None else _named(rulebook, which)
    above = [_layer(each) for each in layers]
    places = {each.resolve(): each for each in (*begun.layers, *above)}
    return begun._replace(layers=tuple(places.values()))


def _named(path: Path, which: str | None) -> InUse:
    if not path.exists():
        if str(path) == shipped().base.name:
            return shipped()._replace(layers=())
        raise _none_at(path)
    if is_layer(path):
        what = "this is a layer, and needs a rulebook to lie over"
        hint = f"--layer {path}; --rulebook names the rulebook"
        raise RulebookError(Problem("no-rulebook", what, Place(str(path)), hint))
    return _held(path, bases_in(path), which)


def _held(path: Path, bases: Sequence[Path], which: str | None) -> InUse:
    """Return the rulebook at ``path``, with the layers beside it where it is held there rather than named."""
    if bases == [path]:
        return InUse(path, (), None, path)
    layers = layers_in(path)
    if not bases:
        if not layers:
            raise _none_at(path)
        return shipped()._replace(layers=(*shipped().layers, *layers), root=path)
    if len(bases) > 1:
        from imr_rules.rulebook.loading import read_manifest

        chosen = [each for each in bases if which in (each.name, name_of(each))] if which else []
        if len(chosen) != 1:
            listed = ", ".join(map(str, bases))
            hint = f'--rulebook {bases[0]}, or `rulebook = "{bases[0]}"` in {SETTINGS}'
            raise RulebookError(
                Problem(
                    "which-rulebook", f"there are several rulebooks here: {listed}", Place(str(path)), hint
                )
            )
        bases = chosen
        layers = [each for each in layers if read_manifest(each).over == name_of(bases[0])]
    return InUse(bases[0], tuple(layers), None, path)


def _layer(path: Path) -> Path:
    if is_layer(path):
        return path
    if not path.exists():
        for each in shipped().layers:
            if each.name == str(path):
                return each
    what = f"there is no layer here: a layer is a directory with a {MANIFEST}"
    raise RulebookError(Problem("no-layer", what, Place(str(path)), "imr-rules new layer writes one"))


def _none_at(path: Path) -> RulebookError:
    hint = "a rulebook is a directory with a sources.yaml, or one that holds such a directory"
    return RulebookError(Problem("no-rulebook", "there is no rulebook here", Place(str(path)), hint))


def is_layer(path: Path) -> bool:
    """Whether a directory is a layer."""
    return (path / MANIFEST).is_file()


def bases_in(path: Path) -> list[Path]:
    """Return the rulebooks at ``path``: itself, or those directly in it, by name."""
    if is_layer(path):
        return []
    if _is_base(path):
        return [path]
    return [each for each in _directories(path) if _is_base(each)]


def layers_in(path: Path) -> list[Path]:
    """Return the layers at ``path``: itself, or those directly in it, by name."""
    if is_layer(path):
        return [path]
    return [] if _is_base(path) else [each for each in _directories(path) if is_layer(each)]


def _is_base(path: Path) -> bool:
    return not is_layer(path) and any((path / name).exists() for name in _BASE)


def _directories(path: Path) -> list[Path]:
    return sorted(each for each in path.iterdir() if each.is_dir()) if path.is_dir() else []


def name_of(base: Path) -> str | None:
    """Return the name that a rulebook gives itself, or None where it gives none or cannot be read."""
    from imr_rules._reading import read_document

    try:
        data = read_document(base / _BASE[0], RulebookError).data
    except RulebookError:
        return None
    name = data.get("rulebook") if isinstance(data, dict) else None
    return name if isinstance(name, str) else None


def shipped() -> InUse:
    """Return the rulebook shipped with the package, and its layers: in the package, or beside it in a checkout.

    Raises:
        RulebookError: it is not installed.
    """
    packaged = Path(__file__).parents[1] / "rulesets"
    for root in (packaged, Path(__file__).resolve().parents[2] / "rulesets"):
        if (root / "mtus").is_dir():
            return InUse(root / "mtus", tuple(layers_in(root)), None, root)
    what = "the shipped rulebook is not installed"
    raise RulebookError(Problem("no-rulebook", what, Place(str(packaged)), "name one with --rulebook"))


def _settings() -> _Settings | None:
    """Return the settings of the project in the working directory, or None where it has none.

    Raises:
        RulebookError: the file cannot be read, or says something else.
    """
    try:
        text = SETTINGS.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as fault:
        what = f"the file cannot be read: {(fault.strerror or 'cannot be opened').lower()}"
        raise RulebookError(Problem("cannot-read", what, Place(str(SETTINGS)))) from None
    import tomllib  # takes time, and few have the file

    try:
        data: dict[str, Any] = tomllib.loads(text.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        hint = 'rulebook = "rulesets/mtus"'
        raise RulebookError(
            Problem("not-toml", "this is not TOML that can be read", Place(str(SETTINGS)), hint)
        ) from None
    if isinstance(data.get("layers"), list):
        data["layers"] = tuple(data["layers"])
    return validate(_Settings, Document(data, str(SETTINGS)), RulebookError)


def _in_project(name: str) -> Path:
    return SETTINGS.parent / name
