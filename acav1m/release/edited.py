"""What a release says of edits of sound, counted from its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.recipe import Recipe
    from acav1m.release.facts import Facts

RESULTS = ("edited", "not_needed", "no_action", "not_better", "failed")
"""What may come of editing a clip, in the order of tables."""

_IS_EDITED = "edit_result = 'edited' and state in ('kept', 'flagged')"

_SCORES = " union all ".join(
    f"""
    select '{score}' as score, {place} as place, {score}_before as before, {score}_after as after
    from both_ends where {score}_before is not null and {score}_after is not null"""
    for place, score in enumerate(("alignment", "temporal", "soundness"))
)

# Copies of one clip share their clip_id, and their attempts, which count once.
QUERIES: Mapping[str, str] = {
    "edited": f"""
        select edit_result as result, count(*) as clips,
            count(*) filter (where state in ('kept', 'flagged')) as released,
            coalesce(sum(edit_attempts) filter (where copy = 1), 0) as attempts
        from (from clips select *, row_number() over (
            partition by clip_id order by edit_attempts desc nulls last) as copy)
        where edit_result is not null
        group by result order by list_position({list(RESULTS)}, result), result""",
    "edit_actions": f"""
        select action, count(distinct clip_id) as clips, count(*) as uses
        from (select clip_id,
                unnest(json_extract_string(edit_transform, '$.edits[*].action')) as action
            from clips where {_IS_EDITED})
        group by action order by action""",
    "edit_scores": f"""
        with last as (
            select * from edits where accepted
            qualify row_number() over (partition by clip_id order by cycle desc) = 1),
        both_ends as (
            select first.alignment_before, first.temporal_before, first.soundness_before,
                last.alignment_after, last.temporal_after, last.soundness_after
            from edits as first join last using (clip_id)
            where first.cycle = 1
                and clip_id in (select clip_id from clips where {_IS_EDITED}))
        select score, count(*) as clips, round(median(before), 3) as "median before",
            round(median(after), 3) as "median after"
        from ({_SCORES}) group by score, place order by place""",
}
"""Tables of the card, as in `facts.QUERIES`."""

NEEDS: Mapping[str, str] = {
    "edited": "clips.edit_result",
    "edit_actions": "clips.edit_result",
    "edit_scores": "edits",
}
"""The column of `clips`, or the view, without which a release has no such table."""

COUNTS: Mapping[str, str] = {
    "clips.edit_result": f"select count(*) from clips where {_IS_EDITED}",
    "edits": "select count(*) from edits",
}
"""Edited clips that are released, and attempts at edits, by the same needs."""


def kept(recipe: Recipe, facts: Facts) -> str:
    """What an edited clip holds beside the rest, in one sentence; nothing without such clips."""
    if not (facts.edited and recipe.release.originals):
        return ""
    return " A clip whose sound was edited has it as it was before, too, as `<clip_id>.orig.flac`."


def done(facts: Facts) -> str:
    """What was done to sound, and how often; nothing where no editor was asked."""
    if not facts.tables["edited"]:
        return ""
    said = "Sound was edited by a program where that made its scores better; what came of asking:"
    actions = facts.tables["edit_actions"]
    how = f"\n\nActions on the clips released:\n\n{actions}" if actions else ""
    return f"\n\n{said}\n\n{facts.tables['edited']}{how}\n\nEvery attempt is in `edits/`."


def answers(recipe: Recipe, facts: Facts) -> dict[str, str]:
    """The datasheet's answers by question id; none without edited clips."""
    if not facts.edited:
        return {}
    which = f"Edited clips: {facts.edited}. Their sound as it was before"
    where = (
        "is beside each as `<clip_id>.orig.flac`, at 16 kHz and mono; `edit_transform` says what "
        "was done to it."
        if recipe.release.originals
        else "is not in the release; the recipe without `editors` makes it from the same sources, "
        "and `orig_flac_sha256` tells whether it is the same."
    )
    return {
        "raw_data": f"{which} {where} The videos that clips were cut from are not in the release; "
        "`source_uri` and `source_sha256` name them.",
        "uses_comments": "Edited sound can mislead about what was heard when the video was made "
        "(AVAgent names the same misuse among its limits). Every edit is recorded: where it "
        "matters what was recorded, use the sound before editing, or leave out the clips whose "
        "`edit_result` is `edited`.",
    }
