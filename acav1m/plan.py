"""A plan: a recipe with its steps resolved, every complaint about it, and its cache keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import ValidationError

from acav1m import steps
from acav1m.errors import AcavError, RecipeError, did_you_mean
from acav1m.recipe import Recipe
from acav1m.steps import COLUMN_KINDS, KINDS, Filter, Measure, Selector, Source, Step


class _Loader(yaml.SafeLoader):
    """YAML that refuses a key written twice, where the first would be lost in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for at, key in enumerate(keys):
            if key.value in [earlier.value for earlier in keys[:at]]:
                problem = f"the key {key.value!r} is there twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
        return super().construct_mapping(node, deep=deep)


@dataclass(frozen=True)
class Plan:
    """What a build will do: the recipe, and its steps by kind and name."""

    recipe: Recipe
    steps: Mapping[str, Mapping[str, Step]]

    @property
    def sources(self) -> dict[str, Source]:
        """Where candidates come from."""
        return {name: cast(Source, s) for name, s in self.steps["sources"].items()}

    @property
    def lookers(self) -> dict[str, Measure]:
        """Measures, captioners and aligners by `kind.name`, in the order they run."""
        return {
            f"{kind}.{name}": cast(Measure, step)
            for kind in COLUMN_KINDS
            for name, step in self.steps[kind].items()
        }

    @property
    def filters(self) -> dict[str, Filter]:
        """Who decides clip by clip."""
        return {name: cast(Filter, s) for name, s in self.steps["filters"].items()}

    @property
    def selectors(self) -> dict[str, Selector]:
        """Who chooses among those that passed."""
        return {name: cast(Selector, s) for name, s in self.steps["selectors"].items()}

    def metadata_columns(self) -> dict[str, Any]:
        """Columns that the candidates carry."""
        found: dict[str, Any] = {}
        for source in self.sources.values():
            found |= source.columns()
        return found

    def columns(self) -> dict[str, Any]:
        """Every column a filter or selector may read, with its type."""
        from acav1m.table import CUT_COLUMNS, LISTED_COLUMNS

        found = CUT_COLUMNS | LISTED_COLUMNS | self.metadata_columns()
        for step in self.lookers.values():
            found |= step.adds
        return found

    def metadata_needs(self, label: str) -> list[str]:
        """Columns of the source that a looker's results depend on, also through other steps."""
        carried, makers = self.metadata_columns(), self._makers()
        found: set[str] = set()
        for column in self.lookers[label].needs():
            if column in makers:
                found.update(self.metadata_needs(makers[column]))
            elif column in carried:
                found.add(column)
        return sorted(found)

    def _makers(self) -> dict[str, str]:
        return {column: label for label, step in self.lookers.items() for column in step.adds}

    def key(self, label: str) -> str:
        """Cache key of a stage or looker: changes when anything its results depend on does."""
        from acav1m.media.cut import VERSION

        if label == "download":
            return digest([VERSION, self.recipe.cut.model_dump(mode="json")])
        step = self.lookers[label]
        makers = self._makers()
        upstream = sorted({self.key(makers[c]) for c in step.needs() if c in makers})
        return digest([label, step.identity(), upstream, self.key("download")])


def digest(value: Any) -> str:
    """Twelve hex digits of the SHA-256 of a JSON value."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read(path: Path, overrides: Sequence[str] = ()) -> Plan:
    """Read a recipe file, apply `path.to.key=value` overrides, and resolve it.

    A bare name, such as `quickstart`, is a recipe that ships with the package.

    Raises:
        RecipeError: Holds every complaint at once.
    """
    try:
        content = yaml.load(_shipped(path).read_text(encoding="utf-8"), _Loader)
    except OSError as error:
        raise AcavError(f"{path}: {error.strerror}{_recipes_at_hand(path)}") from error
    except UnicodeDecodeError as error:
        raise AcavError(f"{path}: is not a text file in UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or "is not YAML"
        raise RecipeError([f"{path}: {where}{problem}"]) from error
    if not isinstance(content, dict):
        raise RecipeError([f"{path}: a recipe is a mapping of keys such as name and sources"])
    for override in overrides:
        _override(content, override)
    return resolve(content)


def resolve(content: Mapping[str, Any]) -> Plan:
    """Check a recipe's content and make its steps.

    Raises:
        RecipeError: Holds every complaint at once.
    """
    complaints: list[str] = []
    recipe: Recipe | None = None
    # A section whose every line is commented out is an empty one.
    content = {k: v for k, v in content.items() if v is not None or k not in KINDS}
    try:
        recipe = Recipe.model_validate(content)
    except ValidationError as error:
        complaints.extend(_say(error, "", Recipe.model_fields))
    made: dict[str, dict[str, Step]] = {kind: {} for kind in KINDS}
    for kind in KINDS:
        section = content.get(kind)
        for name, options in section.items() if isinstance(section, Mapping) else ():
            step = _step(kind, str(name), options, complaints)
            if step:
                made[kind][str(name)] = step
    if recipe and not recipe.sources:
        complaints.append("sources: name at least one source")
    if recipe and not complaints:
        plan = Plan(recipe, made)
        complaints.extend(_columns_fit(plan))
        if not complaints:
            return plan
    raise RecipeError(complaints)


def _step(kind: str, name: str, options: Any, complaints: list[str]) -> Step | None:
    if options is not None and not isinstance(options, Mapping):
        return None  # the recipe's own validation complains of it
    try:
        made = steps.load(kind, name)
    except RecipeError as error:
        complaints.extend(error.complaints)
        return None
    try:
        return made.model_validate(options or {})
    except ValidationError as error:
        complaints.extend(_say(error, f"{kind}.{name}.", made.model_fields))
    return None


def _columns_fit(plan: Plan) -> list[str]:
    """Complaints about columns: named twice, read but never added, wrongly used in SQL."""
    from acav1m.sql import reads
    from acav1m.table import CORE_COLUMNS

    complaints: list[str] = []
    known: dict[str, Any] = dict(CORE_COLUMNS)
    carried = {f"sources.{n}": s.columns() for n, s in plan.sources.items()}
    for label, adds in carried.items():
        complaints.extend(
            f"{label}: column '{c}' is taken; rename it in the list"
            for c, kind in adds.items()
            if _is_taken(c, kind, known)
        )
        known |= adds
    for label, step in plan.lookers.items():
        complaints.extend(
            _who_adds(f"{label}: reads '{c}', which no step before it adds{did_you_mean(c, known)}")
            for c in step.needs()
            if c not in known
        )
        taken = {c.lower() for c in known}
        complaints.extend(f"{label}: adds '{c}', which is taken" for c in step.adds if c in taken)
        known |= step.adds
    for kind, deciders in (("filters", plan.filters), ("selectors", plan.selectors)):
        for name, decider in deciders.items():
            try:
                reads(decider.keep(), plan.columns(), windows=kind == "selectors")
            except RecipeError as error:
                complaints.extend(f"{kind}.{name}: {_who_adds(c)}" for c in error.complaints)
    return complaints


def _is_taken(column: str, kind: Any, known: Mapping[str, Any]) -> bool:
    """Whether a list may not call a column so; SQL does not tell capitals apart."""
    from acav1m.listing import RESERVED
    from acav1m.table import CORE_COLUMNS

    same = next((c for c in known if c.lower() == column.lower()), None)
    if same is None:
        return column.lower() in RESERVED or column.startswith("_")
    return same in CORE_COLUMNS or (same, known[same]) != (column, kind)


def _who_adds(complaint: str) -> str:
    """Name the step that would add the column a complaint is about, if there is one."""
    from acav1m import resources

    what, _, _ = complaint.partition(";")
    for column, about in resources.columns().items():
        if f"'{column}'" in what and "." in str(about["added_by"]):
            return f"{what}; add {about['added_by']} to the recipe"
    return complaint


def _override(content: dict[str, Any], override: str) -> None:
    path, equals, text = override.partition("=")
    keys = path.split(".")
    if not equals or not all(keys):
        raise RecipeError([f"--set {override}: write it as path.to.key=value"])
    inside = content
    for key in keys[:-1]:
        deeper = inside.get(key)
        if deeper is None:
            deeper = inside[key] = {}
        if not isinstance(deeper, dict):
            raise RecipeError([f"--set {override}: '{key}' holds a value, not keys"])
        inside = deeper
    try:
        inside[keys[-1]] = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RecipeError([f"--set {override}: the value is not YAML"]) from error


def _say(error: ValidationError, place: str, fields: Iterable[str]) -> list[str]:
    """Pydantic's complaints as lines: where, what, and the nearest valid name."""
    return [_line(problem, place, fields) for problem in error.errors(include_url=False)]


def _line(problem: Any, place: str, fields: Iterable[str]) -> str:
    *parents, last = [str(part) for part in problem["loc"]] or [""]
    where = place + ".".join([*parents, last])
    if problem["type"] == "extra_forbidden":
        known = _fields_below(parents) if parents and not place else list(fields)
        return f"{where}: no such {'option' if place else 'key'}{did_you_mean(last, known)}"
    if problem["type"] == "missing":
        return f"{where}: is missing"
    got = problem["input"]
    shown = f", got {got!r}" if isinstance(got, str | int | float | bool) else ""
    message = problem["msg"].removeprefix("Value error, ")
    return f"{where.rstrip('.')}: {message}{shown}"


def _fields_below(parents: Sequence[str]) -> list[str]:
    model: Any = Recipe
    for parent in parents:
        if parent.isdigit():
            continue
        annotation = model.model_fields[parent].annotation
        model = next(
            (a for a in (annotation, *getattr(annotation, "__args__", ())) if _is_model(a)), Recipe
        )
    return list(model.model_fields)


def _is_model(annotation: Any) -> bool:
    return hasattr(annotation, "model_fields")


def _shipped(path: Path) -> Path:
    from acav1m import resources

    ours = resources.folder("recipes") / f"{path}.yaml"
    return ours if len(path.parts) == 1 and not path.exists() and ours.exists() else path


def _recipes_at_hand(path: Path) -> str:
    from acav1m import resources

    known = [p.stem for p in resources.folder("recipes").glob("*.yaml")]
    near = get_close_matches(path.stem, known, n=1)
    return f"; did you mean '{near[0]}', which ships with acav1m?" if near else ""
