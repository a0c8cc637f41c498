"""Try again where that may help, later each time."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, TypeVar

from acav1m.net.limits import wait
from acav1m.net.outcome import KINDS, FetchError

if TYPE_CHECKING:
    from collections.abc import Callable

    from acav1m.net.limits import Limits

T = TypeVar("T")


def patiently(
    ask: Callable[[int], T],
    limits: Limits,
    alive: Callable[[], None],
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> T:
    """Call `ask` with the number of the try, from 1, until it answers or its failure is final.

    `jitter` gives numbers from 0 to 1, so that what failed together does not come again together.

    Raises:
        FetchError: The failure of the last try; it says how many there were.
    """
    attempt = 1
    while True:
        try:
            return ask(attempt)
        except FetchError as error:
            error.attempts = attempt
            if attempt >= min(KINDS[error.kind].tries, limits.tries):
                raise
        longest_s = min(limits.back_off_s * 2.0 ** (attempt - 1), limits.back_off_cap_s)
        wait(longest_s * (0.5 + 0.5 * jitter()), sleep, alive)
        attempt += 1
