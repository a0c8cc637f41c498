"""Many downloads at once, a third of which go wrong in every way; and a kill on the way."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from acav1m.net.host import Pace
from acav1m.net.outcome import KINDS, FetchError
from acav1m.net.pool import Pool

FILES = 500
BAD_SHARE = 0.3


def fetch_all(one, urls, folder):
    """The kind of each URL's failure, `ok` where there is none."""
    pool: Pool = Pool(threads=8, ahead=len(urls))
    for name, url in urls.items():
        pool.start(
            name, lambda alive, n=name, u=url: one.fetch(u, folder / f"{n}.mp4", alive=alive)
        )
    found = {}
    for name in urls:
        try:
            pool.result(name)
            found[name] = "ok"
        except FetchError as error:
            found[name] = error.kind
    pool.close()
    return found


@pytest.mark.slow
def test_every_planted_failure_ends_in_its_kind_and_no_good_file_is_lost(
    server, serving, fetcher, tmp_path
):
    rng = random.Random(1729)
    content = serving.MEDIA[:40_000]
    bad = list(serving.misbehaviours(content).values())
    urls, planted = {}, {}
    for index in range(FILES):
        kind, answer = ("ok", serving.good(content))
        if rng.random() < BAD_SHARE:
            kind, answer = bad[index % len(bad)]
        name = f"{index:03}"
        plain = isinstance(answer, str)
        urls[name] = answer if plain else server.url(f"/{name}.mp4", answer)
        planted[name] = kind
    folder = tmp_path / "out"
    folder.mkdir()
    limits = {"idle_s": 1.0, "slow_s": 0.5, "answer_s": 2.0}
    one = fetcher(Pace(slots=8), limits)
    found = fetch_all(one, urls, folder)
    confused = Counter((planted[name], found[name]) for name in urls)
    assert all(told == was for was, told in confused), confused
    assert set(planted.values()) == {kind for kind, _ in bad} | {"ok"}
    good = {f"{name}.mp4" for name in urls if planted[name] == "ok"}
    assert {path.name for path in folder.iterdir()} == good
    assert {path.read_bytes() for path in folder.iterdir()} == {content}
    again = {name for name, kind in found.items() if kind != "ok" and KINDS[kind].transient}
    server.answers.clear()
    server.default = serving.good(content)
    rest = fetch_all(one, {name: urls[name] for name in again}, folder)
    assert set(rest.values()) == {"ok"}


FETCHING = """
import json, sys
from pathlib import Path
from acav1m.net.address import Addresses
from acav1m.net.gate import Gate
from acav1m.net.http import Fetcher
url, folder = sys.argv[1], Path(sys.argv[2])
fetcher = Fetcher(Gate(folder / "gate"), addresses=Addresses(("127.0.0.1/32",)))
got = fetcher.fetch(url, folder / "clip.mp4")
print(json.dumps([got.bytes, got.sha256]))
"""


def test_a_download_goes_on_after_its_process_was_killed(server, serving, tmp_path):
    slow = serving.drip(serving.MEDIA, piece=50_000, every_s=0.05, ETag='"one"')
    url = server.url("/a.mp4", slow, serving.good())
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", FETCHING, url, str(tmp_path)]
    child = subprocess.Popen(command, env=environment)
    part = tmp_path / "clip.mp4.part"
    for _ in range(1000):
        if part.exists() and part.stat().st_size > 200_000:
            break
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    there = part.stat().st_size
    assert 200_000 < there < len(serving.MEDIA)
    said = subprocess.run(command, env=environment, capture_output=True, check=True).stdout
    assert json.loads(said) == [len(serving.MEDIA), hashlib.sha256(serving.MEDIA).hexdigest()]
    assert server.headers[-1]["Range"] == f"bytes={there}-"
    assert server.asked["/a.mp4"] == 2
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mp4", "gate"}
