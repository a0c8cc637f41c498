"""yt-dlp's messages are understood: real ones, as its source and its users' reports have them."""

from __future__ import annotations

import re

import pytest

from acav1m.errors import AcavError
from acav1m.net import messages
from acav1m.net.messages import of_ytdlp
from acav1m.net.outcome import KINDS

HINT = (
    "Use --cookies-from-browser or --cookies for the authentication. See  "
    "https://github.com/yt-dlp/yt-dlp/wiki/FAQ#how-do-i-pass-cookies-to-yt-dlp  for how to"
)
BUG = "; please report this issue on  https://github.com/yt-dlp/yt-dlp/issues?q= , filling out"
REAL = [
    ("bot_check", f"Sign in to confirm you\u2019re not a bot. {HINT}"),
    ("bot_check", "Sign in to confirm you're not a bot. This helps protect our community"),
    ("bot_check", "Video unavailable. YouTube is requiring a captcha challenge before playback"),
    (
        "rate_limited",
        "Video unavailable. This content isn't available, try again later. The current session has "
        "been rate-limited by YouTube for up to an hour.",
    ),
    ("rate_limited", "Unable to download webpage: HTTP Error 429: Too Many Requests (caused by x)"),
    (
        "blocked",
        "Video unavailable. This video is restricted. Please check the Google Workspace "
        "administrator and/or the network administrator restrictions",
    ),
    ("age_gated", f"Sign in to confirm your age. This video may be inappropriate. {HINT}"),
    ("age_gated", "This video is age-restricted and YouTube is requiring account verification"),
    (
        "members_only",
        "Join this channel to get access to members-only content like this video, and more",
    ),
    ("members_only", "This video is available to this channel's members on level: Gold"),
    ("members_only", "This video requires payment to watch"),
    ("members_only", "This video is only available to Music Premium members"),
    (
        "private",
        f"Private video. Sign in if you've been granted access to this video. {HINT}",
    ),
    ("private", "This video is private"),
    ("private", "This video is only available for registered users. Use --cookies"),
    (
        "geo_blocked",
        "Video unavailable. This video contains content from Rotana Holding, who has blocked it in "
        "your country on copyright grounds",
    ),
    (
        "geo_blocked",
        "The uploader has not made this video available in your country\nThis video is available "
        "in Germany.",
    ),
    ("geo_blocked", "This video is not available from your location due to geo restriction"),
    (
        "copyright",
        "Video unavailable. This video is no longer available due to a copyright claim by Sony",
    ),
    ("copyright", "This video contains content from UMG, who has blocked it on copyright grounds"),
    ("bot_check", "Sign in to confirm that you are not a bot"),
    ("live", "Offline."),
    ("removed", "This account has been terminated"),
    ("removed", "This content has been deleted by its owner"),
    ("live", "This live event will begin in 3 hours."),
    ("live", "Premieres in 48 minutes"),
    ("live", "This live stream recording is not available."),
    ("live", "The channel is not currently live"),
    ("removed", "Video unavailable. This video has been removed by the uploader"),
    (
        "removed",
        "Video unavailable. This video is no longer available because the YouTube account "
        "associated with this video has been terminated.",
    ),
    (
        "removed",
        "This video is no longer available because the uploader has closed their YouTube account.",
    ),
    ("removed", "This video has been removed for violating YouTube's policy on hate speech"),
    ("drm", "This video is DRM protected"),
    ("not_found", "Video unavailable"),
    ("not_found", "Video unavailable. This video is not available"),
    ("not_found", "This video does not exist."),
    ("not_found", "Unable to download webpage: HTTP Error 404: Not Found (caused by <HTTPError>)"),
    ("removed", "Unable to download webpage: HTTP Error 410: Gone (caused by <HTTPError 410>)"),
    ("not_media", "Unsupported URL: https://media.example/page"),
    ("blocked", "unable to download video data: HTTP Error 403: Forbidden"),
    ("blocked", "Access to this webpage has been blocked by Websense filtering software"),
    ("server_error", "Unable to download API page: HTTP Error 503: Service Unavailable"),
    (
        "dns",
        "Unable to download webpage: [Errno -3] Temporary failure in name resolution (caused by "
        "TransportError('[Errno -3] Temporary failure in name resolution'))",
    ),
    ("dns", "Failed to resolve 'www.youtube.com' ([Errno -2] Name or service not known)"),
    ("timeout", "Unable to download webpage: The read operation timed out (caused by x)"),
    ("timeout", "Connection to www.youtube.com timed out. (connect timeout=20.0)"),
    ("timeout", "The download speed is below throttle limit"),
    ("reset", "unable to download video data: [Errno 104] Connection reset by peer"),
    ("reset", "Unable to download webpage: [Errno 111] Connection refused (caused by x)"),
    ("reset", "('Connection aborted.', RemoteDisconnected('Remote end closed connection'))"),
    ("reset", "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)"),
    ("bad_certificate", "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: expired"),
    ("truncated", "Downloaded 1000 bytes, expected 2000 bytes"),
    ("truncated", "unable to download video data: 512 bytes read, 9000 more expected"),
    ("truncated", "Did not get any data blocks"),
    ("refused_address", "[Errno None] the address may not be fetched: 10.0.0.1, a private address"),
    ("refused_address", "Failed to perform, curl: (56) CONNECT tunnel failed, response 470. See x"),
    (
        "blocked",
        "Unable to download webpage: ('Unable to connect to proxy', NewConnectionError('x'))",
    ),
    ("blocked", "Tunnel connection failed: 407 Proxy Authentication Required"),
    ("blocked", "Failed to perform, curl: (56) CONNECT tunnel failed, response 407. See x"),
    ("too_big", "File is larger than max-filesize (900 bytes > 100 bytes). Aborting."),
    ("extractor", "Requested format is not available. Use --list-formats for a list"),
    ("extractor", "Failed to extract any player response" + BUG),
    ("extractor", "No video formats found!" + BUG),
    ("extractor", ""),
]


@pytest.mark.parametrize(("kind", "said"), REAL)
def test_a_message_has_its_kind(kind, said):
    error = of_ytdlp(f"ERROR: [youtube] dQw4w9WgXcQ: {said}" if said else "")
    assert error.kind == kind
    assert error.transient is KINDS[kind].transient


def test_colours_advice_and_requests_to_report_are_left_out():
    error = of_ytdlp(f"\x1b[0;31mERROR:\x1b[0m [youtube] abc: Private video{BUG}")
    assert error.message == "[youtube] abc: Private video"


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("no page: HTTP Error 404: Gone (caused by <HTTPError 404: Gone>)", "HTTP Error 404: Gone"),
        ("no page: it's out (caused by TransportError(\"it's out\"))", "no page: it's out"),
        ("a failure (caused by KeyError('formats'))", "a failure (caused by KeyError('formats'))"),
    ],
)
def test_a_cause_is_said_once(said, wanted):
    assert of_ytdlp(f"ERROR: [x] y: {said}").message.endswith(wanted)


def test_our_own_words_come_back_alone():
    ours = "the address may not be fetched: 10.0.0.1, a private address"
    cause = f"Failed to connect: {ours}"
    assert of_ytdlp(f"ERROR: [x] y: no page: {cause} (caused by E('{cause}'))").message == ours


def test_an_id_is_not_taken_for_a_message():
    assert of_ytdlp("ERROR: [youtube] captcha-DRM: Private video").kind == "private"
    assert of_ytdlp("ERROR: [youtube] a-DRM-aaaaa: Strange").kind == "extractor"


def test_a_full_disk_stops_the_build():
    with pytest.raises(AcavError, match="free some space"):
        of_ytdlp("ERROR: unable to write data: [Errno 28] No space left on device")


@pytest.mark.parametrize(
    ("said", "us"),
    [
        ("[Errno -2] Name or service not known", False),
        ("[Errno -5] No address associated with hostname", False),
        ("[Errno -3] Temporary failure in name resolution", True),
        ("Sign in to confirm you're not a bot.", True),
    ],
)
def test_a_name_that_nobody_has_says_nothing_of_us(said, us):
    assert of_ytdlp(f"ERROR: [generic] x: Unable to download webpage: {said}").us is us


FFMPEG = """\
WARNING: [youtube] x: Some formats are missing: HTTP Error 429
[https @ 0x55d0c0] HTTP error 403 Forbidden
[in#0 @ 0x55d0c1] Error opening input: Server returned 403 Forbidden (access denied)
Error opening input file https://media.example/x?key=1.
"""


@pytest.mark.parametrize(
    ("complaints", "kind"),
    [
        (FFMPEG, "blocked"),
        (
            FFMPEG.replace("error 403 Forbidden", "error 470 the address may not be fetched: x"),
            "refused_address",
        ),
        ("[tcp @ 0x1] Connection to tcp://10.1.1.1:80 failed: Connection refused\n", "reset"),
        (
            "[https @ 0x1] HTTP error 502 the host's name was not found: Name or service not known",
            "dns",
        ),
        ("[mov @ 0x1] moov atom not found\n", "extractor"),
        ("", "extractor"),
    ],
)
def test_why_ffmpeg_failed_is_read_in_what_it_printed(complaints, kind):
    assert of_ytdlp("ERROR: ffmpeg exited with code 8", complaints).kind == kind


def test_what_was_printed_explains_no_other_failure():
    assert of_ytdlp("ERROR: [youtube] x: Private video", FFMPEG).kind == "private"


def test_every_pattern_has_a_kind_and_is_a_pattern():
    for kind, pattern in messages._PATTERNS + messages._WIDE:
        assert kind in KINDS
        re.compile(pattern)


def test_what_yt_dlp_itself_words_is_worded_so_in_the_installed_version():
    """A new yt-dlp that words these otherwise should be noticed here first."""
    yt_dlp = pytest.importorskip("yt_dlp")
    from pathlib import Path

    folder = Path(yt_dlp.__file__).parent
    where = {
        "extractor/youtube/_video.py": ["captcha challenge", "rate-limited by YouTube"],
        "extractor/common.py": ["due to geo restriction", "DRM protected", "registered users"],
        "utils/_utils.py": ["Unsupported URL", "bytes, expected", "not currently live"],
        "networking/exceptions.py": ["HTTP Error", "more expected"],
        "downloader/http.py": ["larger than max-filesize", "Did not get any data blocks"],
    }
    for name, wordings in where.items():
        text = (folder / name).read_text(encoding="utf-8")
        for wording in wordings:
            assert wording in text, (name, wording)
