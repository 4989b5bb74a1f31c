"""The picture an authenticator app reads, as one path of an SVG: no style, no address, nothing a policy forbids."""

from __future__ import annotations

from dataclasses import dataclass

import qrcode


@dataclass(frozen=True)
class Picture:
    """`size` is its width and height in squares, `path` the dark ones."""

    size: int
    path: str


def picture(text: str) -> Picture:
    """`text` as a QR code with the quiet border that readers need."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    squares = code.get_matrix()
    dark = ((x, y) for y, row in enumerate(squares) for x, on in enumerate(row) if on)
    return Picture(len(squares), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark))
