"""What a release says of edits of sound, counted from its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

RESULTS = ("edited", "not_needed", "no_action", "not_better", "failed")
"""What may come of editing a clip, in the order of tables."""

_IS_EDITED = "edit_result = 'edited' and state in ('kept', 'flagged')"

_SCORES = " union all ".join(
    f"""
    select '{score}' as score, {place} as place, {score}_before as before, {score}_after as after
    from both_ends where {score}_before is not null and {score}_after is not null"""
    for place, score in enumerate(("alignment", "temporal", "soundness"))
)

QUERIES: Mapping[str, str] = {
    "edited": f"""
        select edit_result as result, count(*) as clips,
            count(*) filter (where state in ('kept', 'flagged')) as released,
            coalesce(sum(edit_attempts), 0) as attempts
        from clips where edit_result is not null
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
