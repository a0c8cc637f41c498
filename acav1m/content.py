"""A recipe's content as it is written: a YAML file, with values replaced from the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from acav1m import resources, steps
from acav1m.errors import AcavError, RecipeError
from acav1m.recipe import Recipe

_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Loader(yaml.SafeLoader):
    """YAML that loses no key written twice in silence, and leaves dates to who asks for one."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if tag != _TIMESTAMP]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for at, key in enumerate(keys):
            if key.value in [earlier.value for earlier in keys[:at]]:
                problem = f"the key {key.value!r} is there twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
        return super().construct_mapping(node, deep=deep)


def load(path: Path) -> dict[str, Any]:
    """Read a recipe file; a bare name, such as `quickstart`, is one that ships with the package.

    Raises:
        AcavError: It cannot be read, or is not YAML.
    """
    try:
        content = yaml.load(_shipped(path).read_text(encoding="utf-8"), _Loader)
    except OSError as error:
        raise AcavError(f"{path}: {error.strerror}{_recipes_at_hand(path)}") from error
    except UnicodeDecodeError as error:
        raise AcavError(f"{path}: is not a text file in UTF-8") from error
    except (yaml.YAMLError, ValueError) as error:  # `!!int x` is a ValueError
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or "is not YAML"
        raise RecipeError([f"{path}: {where}{problem}"]) from error
    if not isinstance(content, dict):
        raise RecipeError([f"{path}: a recipe is a mapping of keys such as name and sources"])
    return content


def override(content: dict[str, Any], overrides: Sequence[str]) -> list[str]:
    """Apply each `path.to.key=value`; return what is wrong with those that cannot be."""
    complaints: list[str] = []
    for text in overrides:
        try:
            _override(content, text)
        except RecipeError as error:
            complaints.extend(error.complaints)
    return complaints


def _override(content: dict[str, Any], override: str) -> None:
    path, equals, text = override.partition("=")
    keys = path.split(".")
    if not equals or not all(keys):
        raise RecipeError([f"--set {override}: write it as path.to.key=value"])
    try:
        value = text if text and _is_text(keys) else yaml.load(text, _Loader)
    except (yaml.YAMLError, ValueError) as error:
        raise RecipeError([f"--set {override}: the value is not YAML"]) from error
    inside = content
    for key in keys[:-1]:
        deeper = inside.get(key)
        if deeper is None:
            deeper = inside[key] = {}
        if not isinstance(deeper, dict):
            raise RecipeError([f"--set {override}: '{key}' holds a value, not keys"])
        inside = deeper
    inside[keys[-1]] = value


def _is_text(keys: Sequence[str]) -> bool:
    """Whether a key takes text, where `#`, `:` and digits mean nothing to YAML."""
    if keys[0] == "answers":
        return len(keys) == 2
    model: Any = Recipe
    if keys[0] in steps.KINDS:
        if len(keys) != 3:
            return False
        try:
            model, keys = steps.load(keys[0], keys[1]), keys[2:]
        except RecipeError:
            return False  # the plan complains of it
    for key in keys[:-1]:
        model = getattr(_fields(model).get(key), "annotation", None)
    found = _fields(model).get(keys[-1])
    return found is not None and found.annotation in (str, str | None)


def _fields(model: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = getattr(model, "model_fields", {})
    return found


def _shipped(path: Path) -> Path:
    ours = resources.folder("recipes") / f"{path}.yaml"
    return ours if len(path.parts) == 1 and not path.is_file() and ours.exists() else path


def _recipes_at_hand(path: Path) -> str:
    known = [p.stem for p in resources.folder("recipes").glob("*.yaml")]
    near = get_close_matches(path.stem, known, n=1)
    return f"; did you mean '{near[0]}', which ships with acav1m?" if near else ""
