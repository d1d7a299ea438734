"""A stand-in for MNIST on a machine without network: digits drawn with matplotlib's own fonts.

Each image is one glyph, warped by a random affine map and a bend, with thinner or thicker and more or less sharp
strokes. The files have MNIST's names, shapes, dtypes and class counts, so code that reads one reads the other. The
same seed gives the same digits, and the same bytes with the same matplotlib and zlib.
"""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

# Digits per class, 0 to 9, as in MNIST.
TRAIN_COUNTS = (5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949)
TEST_COUNTS = (980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009)

FONTS = (
    *("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique"),
    *("DejaVuSansMono", "DejaVuSansMono-Bold", "DejaVuSansMono-Oblique"),
    *("DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic"),
    *("STIXGeneral", "STIXGeneralBol", "STIXGeneralItalic", "STIXGeneralBolIta"),
    *("cmr10", "cmb10", "cmss10", "cmtt10", "cmti10", "cmmi10"),
)

SIDE = 28  # pixels of an image
_DIGIT = 20  # pixels of an upright digit's longer side, as in MNIST
_FINE = 3  # a glyph's own pixels for one pixel of an image
_CANVAS = 104  # side of a glyph's canvas in its own pixels: SIDE * _FINE and a blank margin
_BLURS = (0.5, 0.7, 0.9, 1.15)  # standard deviations in pixels of an image
_CHUNK = 1000  # images warped at a time, which limits the memory needed


def write(
    folder: Path,
    *,
    train_counts: tuple[int, ...] = TRAIN_COUNTS,
    test_counts: tuple[int, ...] = TEST_COUNTS,
    seed: int = 1,
    advance: Callable[[int], None] = lambda images: None,
) -> None:
    """Write the four idx .gz files of the stand-in into `folder`, which must exist.

    The counts are images per class; training and test images come from separate random streams.
    `advance` is called with the number of images made since its last call.
    """
    glyphs = draw_glyphs()
    streams = np.random.SeedSequence(seed).spawn(2)
    for prefix, counts, stream in zip(("train", "t10k"), (train_counts, test_counts), streams, strict=True):
        rng = np.random.default_rng(stream)
        labels = rng.permutation(np.repeat(np.arange(10, dtype=np.uint8), counts))
        _write_gz(folder / f"{prefix}-labels-idx1-ubyte.gz", _idx_header(labels.shape), [labels.tobytes()])
        images = _images(labels, glyphs, rng, advance)
        header = _idx_header((len(labels), SIDE, SIDE))
        _write_gz(folder / f"{prefix}-images-idx3-ubyte.gz", header, images)


def draw_glyphs() -> np.ndarray:
    """Each digit in each font at each blur, scaled to one size: (fonts, 10, blurs, _CANVAS, _CANVAS) uint8."""
    import matplotlib
    import matplotlib.style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    canvas = np.zeros((len(FONTS), 10, _CANVAS, _CANVAS))
    with matplotlib.style.context("default", after_reset=True):  # a user's matplotlibrc must not matter
        figure = Figure(figsize=(4, 4), dpi=50)
        agg = FigureCanvasAgg(figure)
        text = figure.text(0.5, 0.5, "", ha="center", va="center", size=110)
        for row, name in zip(canvas, FONTS, strict=True):
            text.set_fontproperties(FontProperties(fname=fonts / f"{name}.ttf", size=110))
            for digit in range(10):
                text.set_text(str(digit))
                agg.draw()
                ink = 1 - np.asarray(agg.buffer_rgba())[..., 0] / 255
                row[digit] = _centred(ink)
    blurred = np.stack([_blur(canvas, sigma * _FINE) for sigma in _BLURS], axis=2)
    return np.round(255 * blurred).astype(np.uint8)


def _centred(ink: np.ndarray) -> np.ndarray:
    """The inked part of `ink`, with its longer side scaled to a digit's size, at the centre of a canvas."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    top, left = rows[0], columns[0]
    height, width = rows[-1] - top + 1, columns[-1] - left + 1
    step = max(height, width) / (_DIGIT * _FINE)
    offsets = (np.arange(_CANVAS) - (_CANVAS - 1) / 2) * step
    y = np.round(top + (height - 1) / 2 + offsets).astype(int).clip(-1, ink.shape[0])
    x = np.round(left + (width - 1) / 2 + offsets).astype(int).clip(-1, ink.shape[1])
    return np.pad(ink, 1)[np.ix_(y + 1, x + 1)]


def _blur(images: np.ndarray, sigma: float) -> np.ndarray:
    """`images` (..., h, w) convolved with a Gaussian of `sigma` pixels, by its Fourier transform."""
    frequency = np.fft.fftfreq(_CANVAS), np.fft.rfftfreq(_CANVAS)
    gain = [np.exp(-2 * (np.pi * sigma * f) ** 2) for f in frequency]
    spectrum = np.fft.rfft2(images) * gain[0][:, None] * gain[1]
    return np.fft.irfft2(spectrum, s=images.shape[-2:]).clip(0, 1)


def _images(
    labels: np.ndarray, glyphs: np.ndarray, rng: np.random.Generator, advance: Callable[[int], None]
) -> Iterator[bytes]:
    for start in range(0, len(labels), _CHUNK):
        part = labels[start : start + _CHUNK]
        yield warp(part, glyphs, rng).tobytes()
        advance(len(part))


def warp(labels: np.ndarray, glyphs: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One random image per label: (m,) integers to (m, 28, 28) uint8, from `draw_glyphs`' array."""
    m = len(labels)
    fonts, _, blurs = glyphs.shape[:3]
    font, blur = rng.integers(fonts, size=m), rng.integers(blurs, size=m)
    angle = np.deg2rad(rng.normal(0, 12, m).clip(-28, 28))
    shear = rng.normal(0, 0.2, m).clip(-0.45, 0.45)
    width, height = rng.uniform(0.65, 1.15, m), rng.uniform(0.75, 1.1, m)
    shift = rng.normal(0, 1.0, (2, m)).clip(-3, 3)
    bend = rng.normal(0, 1.4, (2, m)).clip(-3, 3)

    # From a pixel of the image back to the glyph: unshift, turn back, unshear, unscale, bend.
    axis = (np.arange(SIDE) - (SIDE - 1) / 2).astype(np.float32)
    columns, rows = np.meshgrid(axis, axis)
    columns = columns.ravel() - shift[0, :, None].astype(np.float32)
    rows = rows.ravel() - shift[1, :, None].astype(np.float32)
    cos, sin = np.cos(angle), np.sin(angle)
    x = _combine(columns, rows, (cos + shear * -sin) / width, (sin + shear * cos) / width)
    y = _combine(columns, rows, -sin / height, cos / height)
    half = _DIGIT / 2
    x += bend[0, :, None].astype(np.float32) * (y / half) ** 2
    y += bend[1, :, None].astype(np.float32) * (x / half) ** 2
    column, row = _canvas_index(x), _canvas_index(y)

    cells = (font * 10 + labels) * blurs + blur
    flat = (cells[:, None] * _CANVAS + row) * _CANVAS + column
    ink = glyphs.reshape(-1)[flat].astype(np.float32)

    # A threshold after blurring moves the edge: a low one thickens strokes, a high one thins them.
    threshold = rng.uniform(0.05, 0.35, m)[:, None].astype(np.float32)
    gain = rng.uniform(1.1, 2.0, m)[:, None].astype(np.float32)
    ink -= threshold * ink.max(axis=1, keepdims=True)
    ink *= 255 * gain / ink.max(axis=1, keepdims=True)
    ink = ink.clip(0, 255)
    return ink.astype(np.uint8).reshape(m, SIDE, SIDE)


def _combine(columns: np.ndarray, rows: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a[:, None].astype(np.float32) * columns + b[:, None].astype(np.float32) * rows


def _canvas_index(offset: np.ndarray) -> np.ndarray:
    """Offsets from an image's centre in pixels, as the nearest indexes on a canvas; outside, its blank edge."""
    return (offset * _FINE + (_CANVAS / 2)).clip(0, _CANVAS - 1).astype(np.int32)


def _idx_header(shape: tuple[int, ...]) -> bytes:
    """The idx format's magic number (unsigned bytes, number of dimensions), then the dimensions."""
    return struct.pack(f">HBB{len(shape)}I", 0, 0x08, len(shape), *shape)


def _write_gz(path: Path, header: bytes, parts: Iterator[bytes] | list[bytes]) -> None:
    with path.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as file:
        file.write(header)
        for part in parts:
            file.write(part)
