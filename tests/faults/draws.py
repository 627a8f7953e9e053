"""Choices that come from the seed of a storm.

Whoever chooses has draws of its own, so that it does not matter in which order the machine lets them choose.
"""

from random import Random


def draws_from(seed: int) -> Random:
    """The draws of a storm."""
    return Random(seed)  # noqa: S311 - they are to be made again, not to be secret


def own_draws(draws: Random) -> Random:
    """Draws of one's own, chosen by others."""
    return draws_from(draws.getrandbits(64))
