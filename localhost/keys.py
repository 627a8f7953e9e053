"""The secrets of the Functions host, which it and not the app compares."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Keys:
    """`function` opens functions of level FUNCTION, `master` opens everything."""

    function: str = field(repr=False)
    master: str = field(repr=False)
