"""Uploaders as hashes that cannot be guessed back without a salt, which is never published."""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from acav1m.consent.marks import Mark
from acav1m.errors import AcavError

VARIABLE = "ACAV1M_SALT"
"""The environment variable that gives the salt, for hashes that agree between builds."""

NAME = "salt"
SIGN = "salt.sign"
DIGITS = 32


class Salt:
    """Hashes with the salt of one work folder, or of the environment.

    The file is for its owner's eyes alone. A work folder holds hashes of uploaders, so one that
    was begun with another salt is refused: those who opt out would not be found in it.
    """

    def __init__(self, folder: Path) -> None:
        """Take the salt, making one where there is none.

        Raises:
            AcavError: It is another one than this work folder began with, or it is empty.
        """
        given = os.environ.get(VARIABLE)
        if given is not None and len(given) < 16:
            raise AcavError(f"{VARIABLE} has {len(given)} characters; a salt has 16 or more")
        folder.mkdir(parents=True, exist_ok=True)
        key = given or _kept(folder / NAME, secrets.token_hex(32))
        self._key = key.encode(errors="surrogateescape")
        sign = self.hash("sign of the salt")
        if _kept(folder / SIGN, sign) != sign:
            raise AcavError(
                f"{VARIABLE} is not as when {folder.parent} was begun; set it as it was then, or "
                "build in another work folder"
            )

    def hash(self, text: str) -> str:
        """HMAC-SHA256 (RFC 2104) of a text, 32 hex digits of it."""
        return hmac.digest(self._key, text.encode(errors="surrogatepass"), "sha256").hex()[:DIGITS]

    def party(self, mark: Mark) -> Mark:
        """The mark of an uploader, hashed."""
        return Mark("party", self.hash(f"party {mark.text}"))

    def uploader(self, id_: str) -> str:
        """The hash of an uploader's id, for the ledger: another than that of the name."""
        return self.hash(f"uploader {id_}")


def _kept(path: Path, text: str) -> str:
    """What a file holds; it gets this text where there is none, whoever comes first."""
    mine = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first
            path.hardlink_to(mine)
        mine.unlink()
    return path.read_text(encoding="utf-8")
