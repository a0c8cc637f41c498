"""Read yt-dlp's error messages, which are all that its command line gives away.

Most wordings are YouTube's own, which yt-dlp hands on; those in its source were read in version
2026.10.26. The first pattern that is found counts, so narrow ones come before wide ones.
"""

from __future__ import annotations

import re

from acav1m.errors import AcavError
from acav1m.net.outcome import KINDS, FetchError, of_status

_PATTERNS: tuple[tuple[str, str], ...] = (
    ("refused_address", r"the address may not be fetched"),
    ("refused_address", r"CONNECT tunnel failed, response 470"),
    # That it is us who are refused must be seen first: nothing may fail for good because of it.
    ("bot_check", r"confirm .{0,24}not a (?:ro)?bot"),
    ("bot_check", r"captcha"),
    ("bot_check", r"unusual traffic"),
    ("rate_limited", r"rate.?limited by YouTube"),
    ("rate_limited", r"content isn.{0,3}t available, try again later"),
    ("rate_limited", r"too many requests"),
    ("blocked", r"webpage has been blocked by"),
    ("blocked", r"network administrator restrictions"),
    ("blocked", r"unable to connect to proxy"),
    ("blocked", r"tunnel (?:connection )?failed\W+(?:response )?407"),
    ("age_gated", r"confirm your age"),
    ("age_gated", r"age.restricted"),
    ("age_gated", r"inappropriate for some users"),
    ("members_only", r"members.only content"),
    ("members_only", r"available to this channel.s members"),
    ("members_only", r"requires payment to watch"),
    ("members_only", r"only available (?:to|for) (?:Music )?Premium members"),
    ("private", r"private video"),
    ("private", r"video is private"),
    ("private", r"only available (?:for|to) registered users"),
    ("private", r"please sign in or sign up"),
    # A block by country on copyright grounds is one by country: elsewhere it plays.
    ("geo_blocked", r"blocked it in your country"),
    ("geo_blocked", r"not made this video available in your country"),
    ("geo_blocked", r"not available (?:in|from) your (?:country|location|region)"),
    ("geo_blocked", r"geo.?restrict"),
    ("copyright", r"copyright"),
    ("copyright", r"who has blocked it (?:on this|from display)"),
    ("live", r"live event (?:will begin|has ended)"),
    ("live", r"premieres in"),
    ("live", r"premiere will begin"),
    ("live", r"not currently live"),
    ("live", r"live stream recording is not available"),
    ("live", r"this live event"),
    ("live", r"^offline\.?$"),
    ("removed", r"removed by the (?:uploader|user)"),
    ("removed", r"account associated with this video has been (?:terminated|closed)"),
    ("removed", r"(?:uploader|user) has closed their (?:youtube )?account"),
    ("removed", r"removed for violating"),
    ("removed", r"account has been (?:terminated|suspended|closed)"),
    ("removed", r"(?:video|content|clip|post) (?:has been|was) (?:removed|deleted)"),
    ("removed", r"no longer available"),
    ("drm", r"\bDRM\b"),
    ("too_big", r"larger than max-filesize"),
    ("not_media", r"unsupported URL"),
    ("bad_certificate", r"CERTIFICATE_VERIFY_FAILED"),
    ("dns", r"name resolution"),
    ("dns", r"name or service not known"),
    ("dns", r"nodename nor servname"),
    ("dns", r"getaddrinfo failed"),
    ("dns", r"failed to resolve"),
    ("dns", r"no address associated with hostname"),
    ("timeout", r"timed? ?out"),
    ("timeout", r"download speed is below throttle limit"),
    ("truncated", r"Downloaded \d+ bytes, expected \d+"),
    ("truncated", r"bytes read, \d+ more expected"),
    ("truncated", r"Did not get any data blocks"),
    ("truncated", r"downloaded file is empty"),
    ("reset", r"connection (?:reset|refused|aborted)"),
    ("reset", r"remote end closed connection"),
    ("reset", r"connection broken"),
    ("reset", r"network is unreachable"),
    ("reset", r"no route to host"),
    ("reset", r"EOF occurred in violation of protocol"),
    ("reset", r"\[SSL"),
    ("reset", r"CONNECT tunnel failed, response 50\d"),
)
OWN = "the address may not be fetched"
"""Our own words, which come back through yt-dlp and ffmpeg."""

_WIDE: tuple[tuple[str, str], ...] = (
    ("not_found", r"video unavailable"),
    ("not_found", r"video (?:is )?(?:not available|unavailable)"),
    ("not_found", r"video does(?: not|n.t) exist"),
    ("not_found", r"not a valid URL"),
    ("not_found", r"incomplete YouTube ID"),
)
"""What says little more than "no", read only when nothing else in the message says why."""

_STATUS = re.compile(r"HTTP Error (\d{3})", re.IGNORECASE)
_WHICH = re.compile(r"^\[[^\]]+\] [^\s:]+: ")
"""Extractor and id, in which a pattern might be found by chance."""

_NOISE = re.compile(r"^(?:\x1b\[[0-9;]*m|ERROR:|\s)+")
_ADVICE = re.compile(r"\s*(?:; )?(?:please report this issue on|Use --cookies|See  ?https).*", re.S)


_CAUSE = re.compile(r" \(caused by (?:\w+\([\"'](.*)[\"']\)|<HTTPError (.*)>)\)$", re.DOTALL)
"""At the end of a message, which mostly says the same."""

_OURS_NOT = re.compile(r"name or service not known|no address associated", re.IGNORECASE)
"""Somebody answered that there is no such name: our own way to the name servers is open."""

_FFMPEG_ENDED = re.compile(r"ffmpeg exited with code")
_FFMPEG_SAID = re.compile(r"^\[(?:https?|httpproxy|tcp|tls|hls|dash)\b[^\]]*\] (.+)$", re.MULTILINE)
"""What its protocols print, `[https @ 0x55d0] HTTP error 403 Forbidden`."""


def of_ytdlp(message: str, complaints: str = "") -> FetchError:
    """The failure that a message of yt-dlp tells of; what it does not know is `extractor`.

    `complaints` is what was printed meanwhile: of ffmpeg, yt-dlp says only that it failed.

    Raises:
        AcavError: The disk is full, which is nobody's failure but ours.
    """
    if _FFMPEG_ENDED.search(message) and (lines := _FFMPEG_SAID.findall(complaints)):
        return _told([of_ytdlp(f"ffmpeg: {line}") for line in lines])
    said = _once(_ADVICE.sub("", _NOISE.sub("", message)).strip()) or "yt-dlp says nothing"
    if "No space left on device" in message:
        raise AcavError(f"yt-dlp: {said}; free some space and run the same command again")
    told = _WHICH.sub("", _NOISE.sub("", message))
    kind = _found(_PATTERNS, told)
    if kind is None and (status := _STATUS.search(told)):
        return FetchError(of_status(int(status[1])).kind, said)
    kind = kind or _found(_WIDE, told) or "extractor"
    us = False if kind == "dns" and _OURS_NOT.search(told) else None
    return FetchError(kind, said if kind != "extractor" else f"{KINDS[kind].means}: {said}", us=us)


def _once(said: str) -> str:
    """A message without a cause that repeats it, or what libraries say before our own words."""
    cause = _CAUSE.search(said)
    if cause is not None and (cause[1] or cause[2]) in said[: cause.start()]:
        said = said[: cause.start()]
    return said[max(said.find(OWN), 0) :]


def _told(failures: list[FetchError]) -> FetchError:
    """The last that says something."""
    return next((one for one in reversed(failures) if one.kind != "extractor"), failures[-1])


def _found(patterns: tuple[tuple[str, str], ...], message: str) -> str | None:
    for kind, pattern in patterns:
        if re.search(pattern, message, re.IGNORECASE):
            return kind
    return None
