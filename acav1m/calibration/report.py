"""What calibration found out, as JSON, as Markdown and as files in a folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from acav1m.recipe import Calibration as Settings
from acav1m.release import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from acav1m.calibration.map import Map
    from acav1m.calibration.outcome import Outcome

FORMAT = 1
JSON = "calibration.json"
MARKDOWN = "calibration.md"


@dataclass(frozen=True)
class Report:
    """All calibrated columns of a recipe."""

    settings: Settings
    clips: int
    """Clips that pairs were made of."""

    left_out: Mapping[str, int]
    outcomes: Sequence[Outcome]

    def maps(self) -> dict[str, Map]:
        """The map of each column that has one."""
        return {one.asked.column: one.map for one in self.outcomes if one.map is not None}

    def told(self) -> dict[str, str]:
        """In a few words, how each column is calibrated."""
        return {
            one.asked.column: "; ".join(filter(None, (one.why, failures(one.json()), one.warning)))
            for one in self.outcomes
        }

    def json(self) -> dict[str, Any]:
        """As JSON, from which pictures and Markdown are made."""
        return {
            "format": FORMAT,
            "settings": self.settings.model_dump(mode="json"),
            "clips": self.clips,
            "left_out": {reason: n for reason, n in self.left_out.items() if n},
            "columns": {one.asked.column: one.json() for one in self.outcomes},
        }

    def write(self, folder: Path) -> None:
        """Write numbers, words and pictures in the place of earlier ones; the numbers last."""
        found = self.json()
        if (folder / JSON).is_file() and (folder / JSON).read_text("utf-8") == _text(found):
            return
        for kind in ("json", "md", "png", "svg"):
            for path in folder.glob(f"*.{kind}"):
                path.unlink()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARKDOWN).write_text(page(found), encoding="utf-8")
        write(found, folder)


def write(found: Mapping[str, Any], folder: Path) -> None:
    """Write numbers and pictures; the same calibration gives the same bytes."""
    from acav1m.calibration import drawing

    folder.mkdir(parents=True, exist_ok=True)
    drawing.write(found, folder)
    (folder / JSON).write_text(_text(found), encoding="utf-8")


NOTHING_CALIBRATED = Report(Settings(use="prior"), 0, {}, ())

HEADING = (
    *("column", "calibrated by", "matched", "mismatched", "AUC (95 %)"),
    *("calibration error", "recommended threshold", "precision there (95 %)", "recall there"),
)


def table(found: Mapping[str, Any]) -> str:
    """A row a column, as Markdown; `found` is what `Report.json` gives."""
    return markdown.table(HEADING, [_row(*item) for item in found["columns"].items()])


def notes(found: Mapping[str, Any]) -> list[str]:
    """What a reader must know of each column, a line each."""
    lines = []
    for column, one in found["columns"].items():
        lines.append(f"`{column}`: {one['why']}.")
        if failed := failures(one):
            lines.append(f"`{column}`: {failed}.")
        if one["warning"]:
            lines.append(f"{one['warning']}.")
        if one["threshold"] and one["threshold"]["why"]:
            lines.append(f"`{column}`: {one['threshold']['why']}.")
    return lines


def failures(one: Mapping[str, Any]) -> str | None:
    """Say how many of a column's pairs could not be scored, and why the first could not."""
    count, scored = one["failed"]["pairs"], one["pairs"]["mismatched"]
    if not count:
        return None
    what = "pair" if count == 1 else "pairs"
    return (
        f"{count} mismatched {what} could not be scored, beside {scored} scores of others; "
        f"the first: {one['failed']['first']}"
    )


def page(found: Mapping[str, Any]) -> str:
    """The whole report as Markdown; pictures lie beside it."""
    parts = ["# Calibration", *introduction(found), table(found)]
    parts.append("\n".join(f"- {line}" for line in notes(found)))
    for column, one in found["columns"].items():
        if one["evidence"]:
            parts += [f"## {column}", f"![{column}]({column}.png)"]
            parts += [_diagnoses(one["diagnoses"])] if one["diagnoses"] else []
    return "\n\n".join(part for part in parts if part) + "\n"


def introduction(found: Mapping[str, Any]) -> list[str]:
    """What the figures are, in a few sentences."""
    settings = found["settings"]
    left_out = counted(found["left_out"])
    return [
        f"Pairs were made of {found['clips']} clips as they were recorded, and again with sound "
        "that is not theirs"
        + (f"; left out: {left_out}." if left_out else ".")
        + " A calibrated score of 0.5 means as likely matched as not.",
        "Clips that are mismatched as recorded count as matched here, so the figures are rather "
        "too low than too high. All of them are of pairs that no map was fitted to. Thresholds "
        f"give a precision of {settings['precision']:g} where a share of "
        f"{settings['mismatched_share']:g} of the clips is mismatched, and let the most clips "
        "pass; each is in the middle of the gap below the last clip that passes.",
    ]


def counted(left_out: Mapping[str, int]) -> str:
    """Say how many clips were left out for what.

    >>> counted({"copies": 1, "silent": 0, "failed": 2})
    '1 copy, 2 failed'
    """
    told = [(n, "copy" if (n, why) == (1, "copies") else why) for why, n in left_out.items() if n]
    return ", ".join(f"{count} {why}" for count, why in told)


def _text(found: Mapping[str, Any]) -> str:
    return json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _row(column: str, one: Mapping[str, Any]) -> list[object]:
    proof, wanted, pairs = one["evidence"], one["threshold"], one["pairs"]
    return [
        column,
        one["by"],
        pairs["matched"],
        pairs["mismatched"],
        _interval(proof and proof["auc"]),
        proof and round(proof["calibration_error"], 3),
        wanted and wanted["value"],
        _interval(wanted and wanted["precision"]),
        wanted and wanted["recall"] and round(wanted["recall"]["value"], 3),
    ]


def _interval(found: Mapping[str, float] | None) -> str | None:
    return (
        None if not found else f"{found['value']:.3f} ({found['low']:.3f} to {found['high']:.3f})"
    )


def _diagnoses(found: Mapping[str, Mapping[str, Any]]) -> str:
    heading = (
        *("sound", "clips", "of them scored", "mean score as recorded"),
        *("mean score with this sound", "AUC of as recorded against this sound"),
    )
    rows = [
        (
            name,
            one["clips"],
            one["scored"],
            *(one[k] for k in ("mean_probability_own", "mean_probability", "auc")),
        )
        for name, one in found.items()
    ]
    return "For comparison, not fitted to:\n\n" + markdown.table(heading, rows)
