"""MNIST's handwritten digits, from the nearest copy. Needs only numpy.

    trX, trY, tsX, tsY = digits.get_mnist()      # 60,000 images and labels to train, 10,000 to test
    digits.which_data()                          # "MNIST", or "stand-in" (digits drawn from fonts)

It looks for the four archives in $MNIST_DIR, in the working folder, next to this file, in the course's folder
data/mnist, in the user's cache, and in the course's data/standin. If none of these has all
four, it downloads them once, into the cache.
"""

import gzip
import hashlib
import http.client
import os
import struct
import tempfile
import urllib.request
import zlib
from pathlib import Path

import numpy as np

# Each archive: its length in bytes and its sha256. The archives of Y. LeCun, C. Cortes and C. Burges.
FILES = {
    "train-images-idx3-ubyte.gz": (
        9912422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    "train-labels-idx1-ubyte.gz": (
        28881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    "t10k-images-idx3-ubyte.gz": (
        1648877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    "t10k-labels-idx1-ubyte.gz": (
        4542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
}
# The shape of each archive's array: one unsigned byte per pixel or label.
SHAPES = {
    "train-images-idx3-ubyte.gz": (60000, 28, 28),
    "train-labels-idx1-ubyte.gz": (60000,),
    "t10k-images-idx3-ubyte.gz": (10000, 28, 28),
    "t10k-labels-idx1-ubyte.gz": (10000,),
}
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)


def get_mnist():
    """Images and labels for training, (60000, 28, 28) and (60000,), and for testing, (10000, 28, 28) and (10000,).

    All are uint8: pixels 0 (paper) to 255 (ink), labels 0 to 9. Downloads the archives if there is no copy.
    Raises FileNotFoundError if it can't get a copy, and ValueError for a damaged archive.
    """
    folder = find() or download()
    return tuple(read_idx(folder / name, SHAPES[name]) for name in FILES)


def which_data():
    """ "MNIST" if the archives that `get_mnist` reads are MNIST's, byte for byte; else "stand-in"."""
    folder = find() or download()
    return "MNIST" if all(is_mnist(folder / name) for name in FILES) else "stand-in"


def is_mnist(path):
    """Whether the archive at `path` is MNIST's archive with that name, by its length and sha256."""
    path = Path(path)
    size, sha256 = FILES[path.name]
    return path.stat().st_size == size and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def find():
    """The first folder, in the order of `places`, that has all four archives; None if no folder has them."""
    for folder in places():
        if all(os.access(str(folder / name), os.R_OK) for name in FILES):
            return folder
    return None


def places():
    """The folders where the archives may be, the nearest first and the stand-in's last."""
    here = Path(__file__).resolve().parent
    work = Path.cwd()
    chosen = [Path(os.environ["MNIST_DIR"])] if os.environ.get("MNIST_DIR") else []
    above = [folder / "data" for folder in [work, *work.parents, *here.parents]]
    return [
        *chosen,
        work,
        here,
        *(data / "mnist" for data in above),
        cache(),
        *(data / "standin" for data in above),
    ]


def cache():
    """The folder for downloaded archives: coursekit/mnist in the user's cache."""
    root = os.environ.get("XDG_CACHE_HOME")
    if not root:
        try:
            root = Path.home() / ".cache"
        except RuntimeError:  # an account without a home
            root = Path.cwd() / ".cache"
    return Path(root) / "coursekit" / "mnist"


def download(folder=None):
    """Fetch all four archives into `folder` (by default the cache) and return it.

    An archive is saved whole or not at all. If no mirror has the right bytes, raises FileNotFoundError, which
    says how to get the files manually.
    """
    folder = Path(folder) if folder else cache()
    for name in FILES:
        path = folder / name
        if path.is_file() and is_mnist(path):
            continue
        content = _fetch(name)
        if content is None:
            raise FileNotFoundError(
                f"MNIST is not on this computer, and no mirror could be reached: put {', '.join(FILES)} "
                f"beside the notebook or into {folder} (they are at {' and '.join(MIRRORS)})."
            )
        _write(path, content)
    return folder


def read_idx(path, shape):
    """The gzipped idx file of unsigned bytes at `path`, as an array of shape `shape`.

    The format: two zero bytes, the type (8 is an unsigned byte), the number of dimensions, each dimension as
    four bytes (the highest first), then the values. Raises ValueError for any other file.
    """
    try:
        with gzip.open(str(path), "rb") as archive:
            content = archive.read()
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(_damaged(path, f"it does not unpack ({error})")) from error
    header = struct.pack(">HBB", 0, 8, len(shape)) + struct.pack(f">{len(shape)}I", *shape)
    if not content.startswith(header):
        raise ValueError(_damaged(path, f"its header is not that of {shape} unsigned bytes"))
    values = np.frombuffer(content, dtype=np.uint8, offset=len(header))
    if values.size != np.prod(shape):
        raise ValueError(_damaged(path, f"it holds {values.size} values for {shape}"))
    return values.reshape(shape).copy()


def _damaged(path, why):
    return f"{path} is damaged: {why}. Delete it, and fetch it again."


def _fetch(name):
    """The archive's bytes from the first mirror that has the right ones, else None."""
    for mirror in MIRRORS:
        try:
            with urllib.request.urlopen(mirror + name, timeout=30) as response:
                content = response.read(FILES[name][0] + 1)
        except (OSError, http.client.HTTPException):
            continue
        if hashlib.sha256(content).hexdigest() == FILES[name][1]:
            return content
    return None


def _write(path, content):
    """Write next to `path`, then rename: nobody ever sees half an archive."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=str(path.parent), prefix=path.name + ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink()
        raise
