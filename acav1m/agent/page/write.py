"""Put what the agent did with one clip into a folder: a page, its pictures, and the sounds."""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64encode
from typing import TYPE_CHECKING

from acav1m import outfolder, resources
from acav1m.agent.page import drawing, words

if TYPE_CHECKING:
    from pathlib import Path

    from acav1m.agent.run import Report

PAGE = "index.html"
JSON = "story.json"
PICTURES = {
    "spectrograms": "Level of the sound by frequency and time",
    "waveforms": "Amplitude of the sound over time",
    "scores": "Temporal score of each second, and the scores of the whole clip",
}
OURS = re.compile(
    rf"{re.escape(PAGE)}|{re.escape(JSON)}|(before|after)\.(mp4|flac)|({'|'.join(PICTURES)})\.png"
)


def check(out: Path) -> None:
    """Refuse a place where the page cannot be put, or would be among what is not ours.

    Raises:
        AcavError: It is no folder, or it holds something else than an earlier page.
    """
    outfolder.check(out, OURS, JSON, "page of ours")


def write(report: Report, out: Path) -> None:
    """Write the page, the story in JSON, the pictures, and the clip before and after.

    What an earlier run left goes, for this one may have less. The page needs no network, and
    nothing of it but the players needs the other files.

    Raises:
        AcavError: See `check`.
    """
    check(out)
    out.mkdir(parents=True, exist_ok=True)
    for path in out.iterdir():
        path.unlink()
    story = json.dumps(report.as_dict(), indent=1, ensure_ascii=False, allow_nan=False)
    (out / JSON).write_text(story + "\n", encoding="utf-8")
    stems = {"before": report.before} | ({"after": report.after} if report.after else {})
    for name, stem in stems.items():
        for suffix in ("mp4", "flac"):
            shutil.copyfile(stem.with_name(f"{stem.name}.{suffix}"), out / f"{name}.{suffix}")
    drawing.draw(report, out)
    (out / PAGE).write_text(page(report, out), encoding="utf-8")


def page(report: Report, pictures: Path) -> str:
    """The page as HTML with its pictures inside, which lie in the folder `pictures`.

    Captions, reasons and names are shown as they are: nothing in them becomes part of the page.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(resources.folder("cards") / "agent"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        scale=words.scale(report.threshold),
        scales=words.scales(),
        observed=words.observed,
        attempted=words.attempted,
        transformed=words.transformed,
    )
    return environment.get_template("run.html.j2").render(
        video=report.video,
        start_s=f"{report.start_s:g}",
        end_s=f"{report.end_s:g}",
        recipe=report.recipe,
        story=report.story,
        names=report.names,
        pictures=[
            {"alt": alt, "data": b64encode((pictures / f"{name}.png").read_bytes()).decode()}
            for name, alt in PICTURES.items()
        ],
    )
