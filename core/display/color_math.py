"""Colours as ``#rrggbb``: mixing them, their contrast, and shades that can be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

TEXT_CONTRAST = 4.5
"""WCAG 2.1 for text."""

_DARK_LUMINANCE = 0.18  # text on a darker background is white


def contrast_ratio(first: str, second: str) -> float:
    """Return WCAG 2.1's contrast of two ``#rrggbb`` colours, 1 to 21."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=1024)
def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def interpolate(anchors: Sequence[str], count: int) -> list[str]:
    """Return ``count`` colours at equal distances along the line through ``anchors``, both ends included."""
    spans = list(pairwise(anchors))
    colors = []
    for k in range(count):
        position = k / (count - 1) * len(spans)
        index = min(int(position), len(spans) - 1)
        colors.append(mix(*spans[index], position - index))
    return colors


def mix(start: str, end: str, fraction: float) -> str:
    """Return the colour at ``fraction`` of the way from ``start`` to ``end``."""
    channels = ((int(start[i : i + 2], 16), int(end[i : i + 2], 16)) for i in (1, 3, 5))
    red, green, blue = (round(a + (b - a) * fraction) for a, b in channels)
    return f"#{red:02x}{green:02x}{blue:02x}"


def nearest_shades(color: str) -> Iterator[str]:
    """Yield the colour, then ever darker and lighter shades of it in turn."""
    yield color
    for k in range(1, 65):
        yield mix(color, "#000000", k / 64)
        yield mix(color, "#ffffff", k / 64)


def legible(color: str, background: str, min_contrast: float) -> str:
    """Return ``color`` moved towards white or black until its contrast with ``background`` is large enough."""
    end = "#ffffff" if _luminance(background) < _DARK_LUMINANCE else "#000000"
    shades = (mix(color, end, k / 64) for k in range(65))
    return next(shade for shade in shades if contrast_ratio(shade, background) >= min_contrast)
