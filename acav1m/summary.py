"""What a build or a check ends with, told to people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from acav1m.calibration.report import counted, failures
from acav1m.drawing import shown
from acav1m.release import retelling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.calibration.report import Report as Calibrated
    from acav1m.release import inspect, verify
    from acav1m.release.reasons import Reason
    from acav1m.report import Report

OF_THE_SOURCE = ("planted_offset_s", "true_labels_per_s")
"""Columns that say how a clip's sound lay before it was realigned or edited."""


def show(report: Report) -> None:
    """Print what a build did, and how to load what it made, on stderr."""
    console = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    table = Table(title=f"{report.name} {report.version}", show_header=False, title_justify="left")
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    again = f", {report.repeats} of them listed again" if report.repeats else ""
    table.add_row("seen", str(report.seen), f"from {report.candidates} candidates{again}")
    table.add_row("kept", str(report.kept), "")
    table.add_row("flagged", str(report.flagged), _reasons(report.flagged_by))
    table.add_row("rejected", str(report.rejected), _reasons(report.rejected_by))
    table.add_row("failed", str(report.failed), _may_pass(report))
    if report.realign_outcomes:
        table.add_row("realigned", *_realigned(report.realign_outcomes))
    if report.edit_results:
        table.add_row("edited", *_edited(report.edit_results))
    console.print(table, soft_wrap=False)
    for kind, count in report.failed_by.items():
        console.print(f"  {count:>6} {kind}: {report.failed_as[kind]}")
    stages = "  ".join(f"{stage} {seconds:.1f}" for stage, seconds in report.stage_seconds.items())
    console.print(f"seconds: {stages}  all {report.seconds:.1f}; {report.decoded} clips decoded")
    for column, rests_on in report.calibrated.items():
        console.print(f"{column}: {rests_on}")
    for bug in report.bugs:
        console.print(f"a bug cost clips, please report it: {bug}", style="red")
    console.print(f"release: {report.release}")
    console.print(loading(report))


def _may_pass(report: Report) -> str:
    """What can be done about failures."""
    if not report.failed_passing:
        return ""
    return f"{report.failed_passing} of them may pass: --retry transient tries again"


def calibrated(found: Calibrated) -> str:
    """What `calibrate` found, column by column."""
    lines = [f"clips used: {found.clips}{_left_out(found)}"]
    for column, one in found.json()["columns"].items():
        lines += [f"{column}: {one['why']}"]
        lines += [f"  {line}" for line in (failures(one), one["warning"]) if line]
        lines += [f"  {line}" for line in _evidence(one)]
    return "\n".join(lines)


def _left_out(found: Calibrated) -> str:
    counts = counted(found.left_out)
    return f"; left out: {counts}" if counts else ""


def _evidence(one: dict[str, Any]) -> list[str]:
    """Figures of one column; none where there are no pairs to tell of."""
    if not one["evidence"]:
        return []
    pairs, auc = one["pairs"], one["evidence"]["auc"]
    error, wanted = one["evidence"]["calibration_error"], one["threshold"]
    said = (
        f"threshold {wanted['value']:g}: precision {_figure(wanted['precision'])}, "
        f"recall {_figure(wanted['recall'])}"
        if wanted["value"] is not None
        else wanted["why"]
    )
    return [
        f"{pairs['matched']} matched and {pairs['mismatched']} mismatched pairs: "
        f"AUC {_figure(auc)}, calibration error {error:.3f}",
        said,
    ]


def _figure(found: dict[str, float]) -> str:
    return f"{found['value']:.3f} ({found['low']:.3f} to {found['high']:.3f})"


def loading(report: Report) -> str:
    """How to load the release, by a split that it has."""
    if not report.splits:
        return "no clip was kept, so there is nothing to load; the reasons are in rejected/"
    folder = json.dumps(str(report.release), ensure_ascii=False)
    return (
        "load it:\n"
        "  from datasets import load_dataset\n"
        f'  clips = load_dataset({folder}, split="{next(iter(report.splits))}", streaming=True)\n'
        '  print(next(iter(clips))["json"]["caption"])'
    )


def verified(report: verify.Report) -> str:
    """What `verify` found."""
    counts = ", ".join(f"{count} {state}" for state, count in report.counts.items())
    replayed = f", edits of {report.replayed} replayed" if report.replayed else ""
    lines = [f"{counts or 'no counts'}; {report.decoded} clips decoded{replayed}"]
    lines += [f"PROBLEM {problem}" for problem in report.problems]
    lines += [f"note: {note}" for note in report.notes]
    return "\n".join([*lines, "the release is sound" if report.ok else "the release is damaged"])


def told(story: inspect.Story) -> str:
    """One clip's story; others that match follow, each after a blank line."""
    lines = [f"{story.clip_id}: {story.state}"]
    lines += [f"  {_objection(reason)}" for reason in story.reasons]
    if story.realign:
        lines.append(f"  {_moved(story.realign)}")
    if story.edit:
        lines += [f"  {line}" for line in retelling.lines(story.edit, story.attempts)]
    for about in (story.error, story.place):
        if about:
            lines += [f"  {column}: {shown(value)}" for column, value in about.items()]
    since = _since(story.realign, story.edit)
    lines += [
        f"  {column}: {shown(value)}{since if column in OF_THE_SOURCE else ''}"
        for column, value in story.row.items()
        if value is not None
    ]
    return "\n\n".join(["\n".join(lines), *map(told, story.others)])


def _since(realign: Mapping[str, Any] | None, edit: Mapping[str, Any] | None) -> str:
    """What to remember where a source tells of a clip's sound that was moved or edited since."""
    shift_s = realign["audio_shift_s"] if realign else None
    told = [f"before realigning, audio_shift_s is {shown(shift_s)}"] if shift_s else []
    told += ["before editing"] if edit and edit["edit_result"] == "edited" else []
    return f" ({'; '.join(told)})" if told else ""


def _moved(realign: Mapping[str, Any]) -> str:
    """What came of moving the sound of a clip."""
    offset, shift = (shown(realign[c]) for c in ("realign_offset_s", "audio_shift_s"))
    outcome, reason = (shown(realign[c]) for c in ("realign_outcome", "realign_reason"))
    was = f"sync_offset_s was {offset} in the clip as it was cut"
    if outcome == "not_tried":
        return f"not realigned, not_tried: {reason}"
    if outcome == "realigned":
        return f"realigned: {was}, so its sound was moved by {shift} s"
    return f"not realigned, {outcome}: {was}; with its sound moved, {reason}"


def _objection(reason: Reason) -> str:
    """Who objected, to what rule, and to which values."""
    said = [f"wants {shown(reason.keep)}"] if reason.keep else []
    if reason.options and not reason.keep:
        said = [f"has options {shown(dict(reason.options))}"]
    if reason.values:
        said += [", ".join(f"{column} is {shown(v)}" for column, v in reason.values.items())]
    return f"{reason.effect} by {reason.name}{': ' if said else ''}{'; '.join(said)}"


def _realigned(outcomes: dict[str, int]) -> tuple[str, str]:
    """How many of those asked for were taken, and what came of the others."""
    vain = {outcome: clips for outcome, clips in outcomes.items() if outcome != "realigned"}
    tried = f"of {sum(outcomes.values()) - outcomes.get('not_tried', 0)} tried"
    return str(outcomes.get("realigned", 0)), ", ".join(filter(None, [tried, _reasons(vain)]))


def _edited(results: dict[str, int]) -> tuple[str, str]:
    """How many of those given to the editor have new sound, and what came of the others."""
    others = {result: clips for result, clips in results.items() if result != "edited"}
    given = f"of {sum(results.values())} given"
    return str(results.get("edited", 0)), ", ".join(filter(None, [given, _reasons(others)]))


def _reasons(counts: dict[str, int]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in counts.items())
