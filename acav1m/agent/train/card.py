"""A short model card for an adapter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.agent.train import tiny

if TYPE_CHECKING:
    from collections.abc import Mapping


def card(metrics: Mapping[str, Any]) -> str:
    """What was trained on what, and how to use it, in Markdown."""
    lora, course, sizes = metrics["lora"], metrics["course"], metrics["parameters"]
    counts, data = metrics["examples"], metrics["data"]
    left = metrics["validation_loss"]
    judged = "none held out" if left is None else f"{left:.4f} on {counts['validation']} held out"
    base = "DIR/base" if metrics["model"] == tiny.NAME else metrics["model"]
    return f"""# Planner for AVAgent: LoRA adapter

Base model: {_base(metrics)}.
It answers the questions of `acav1m agent` (what was measured of a clip) with a plan in JSON.

| | |
| --- | --- |
| Data | `{data["file"]}`, SHA-256 `{data["sha256"]}` |
| Examples | {counts["train"]}, of clips with faults that were planted; to each observed one \
{metrics["variants"]} variants that were made of it |
| LoRA | rank {lora["rank"]}, alpha {lora["alpha"]}, dropout {lora["dropout"]:g}, \
{"4-bit base (QLoRA)" if lora["quantised"] else "base as it is"}\
{", embeddings trained as well" if lora["embeddings"] else ""} |
| Trained | {sizes["trained"]:,} of {sizes["all"]:,} parameters |
| Course | {course["steps"]} steps of {course["batch"]}, rate {course["rate"]:g}, \
questions weighed {course["questions"]:g}, seed {course["seed"]} |
| Loss | {metrics["loss"][0]:.4f} to {metrics["loss"][-1]:.4f}; {judged} |

Use it by `planner: {{local: {{model: {base}, adapter: DIR}}}}`, and measure it by
`acav1m agent eval`.

Limits: it has seen rendered or given clips with one or two planted faults and short captions,
and it imitates the answer that is right by what is measured; it hears and sees nothing itself.
"""


def _base(metrics: Mapping[str, Any]) -> str:
    if metrics["model"] == tiny.NAME:
        return "a random Llama, in `base/`; it knows nothing but these data"
    revision = metrics["revision"]
    return f"`{metrics['model']}`" + (f" at `{revision}`" if revision else "")
