"""What all steps share that ask the embedded model."""

from __future__ import annotations

from typing import Any

from acav1m.models import embedded
from acav1m.steps import Measure


class AsksEmbedded(Measure):
    """Opens the model once per worker, and has its weights decide the cache key."""

    def identity(self) -> dict[str, Any]:
        """Options and the model's checksum."""
        return {**super().identity(), "weights": embedded.checksum()}

    def setup(self) -> None:
        """Open the model."""
        embedded.load()
