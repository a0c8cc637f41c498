"""Write what is generated: tables of steps, tree and benchmark, and the recipes' JSON Schema."""

from __future__ import annotations

import json
import re
from pathlib import Path

from acav1m import catalog
from acav1m.bench import markdown
from acav1m.bench.agent import markdown as agent_markdown
from acav1m.steps import KINDS

README = Path(__file__).parent.parent / "README.md"

SCHEMA = README.parent / "recipes" / "recipe.schema.json"
CARD = README.parent / "cards" / "embedded.md"
BENCHMARK = README.parent / "metadata" / "bench" / "curation.json"
"""What `make bench` measured; the times are not in it."""
AGENT = BENCHMARK.with_name("agent.json")
"""The same of the agent."""

TREE = {
    "README.md": "dataset card; its front matter makes load_dataset work",
    "DATASHEET.md": "measured answers, and the questions only people can answer",
    "croissant.json": "Croissant 1.1 with responsible-AI fields",
    "recipe.lock.yaml": "the resolved recipe and every version",
    "data/train-00000.tar": "<clip_id>.flac, .json and .mp4 of each clip; also validation, test",
    "  <clip_id>.orig.flac": "of a clip whose sound was edited: the sound as it was before",
    "metadata/train-00000.parquet": "a row per released clip: scores, captions, place of its bytes",
    "rejected/rejected-00000.parquet": "a row per rejected or failed one, with all reasons",
    "edits/edits-00000.parquet": "a row per attempt at editing sound, if the recipe has editors",
    "calibration/calibration.json": "what calibrated scores rest on, with pictures beside it",
    "shards.parquet": "a row per shard: clips, bytes, sha256; shards.txt lists the paths",
    "checksums.sha256": "for sha256sum -c",
    "CITATION.cff": "also NOTICE.md (licences), REMOVALS.md",
}


def steps() -> str:
    """Table of all steps, from their docstrings."""
    lines = ["| kind | step | what it does | adds |", "|---|---|---|---|"]
    for entry in catalog.data():
        adds = ", ".join(f"`{column}`" for column in entry["adds"])
        lines.append(f"| {entry['kind']} | `{entry['name']}` | {entry['help']} | {adds} |")
    assert {entry["kind"] for entry in catalog.data()} == set(KINDS)
    return "\n".join(lines)


def tree() -> str:
    """The files of a release."""
    width = max(map(len, TREE))
    lines = [f"{path:<{width}}  {about.replace('`', '')}" for path, about in TREE.items()]
    return "```\n" + "\n".join(lines) + "\n```"


def schema() -> str:
    """JSON Schema of recipes, for editors."""
    return json.dumps(catalog.json_schema(), indent=1) + "\n"


def bench() -> str:
    """What the benchmark found, and how to find it again."""
    return markdown.summary(json.loads(BENCHMARK.read_text(encoding="utf-8")))


def agent() -> str:
    """What the benchmark of the agent found."""
    return agent_markdown.summary(json.loads(AGENT.read_text(encoding="utf-8")))


def written(text: str, **parts: str) -> str:
    """A document with its generated parts as they should be."""
    for name, made in parts.items():
        pattern = rf"(<!-- {name}: [^>]*-->\n).*?(<!-- /{name} -->)"
        text, count = re.subn(
            pattern, lambda m, made=made: f"{m[1]}\n{made}\n\n{m[2]}", text, flags=re.DOTALL
        )
        assert count == 1, name
    return text


def documents() -> dict[Path, str]:
    """Every document with generated parts, as it should be."""
    readme, card = (path.read_text(encoding="utf-8") for path in (README, CARD))
    return {
        README: written(readme, steps=steps(), tree=tree(), bench=bench(), agent=agent()),
        CARD: written(card, bench=bench()),
        SCHEMA: schema(),
    }


if __name__ == "__main__":
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")
