"""The course's data/mnist.py: find MNIST, download it, or draw the stand-in. No test here leaves this machine."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import io
import re
import shutil
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.datasets import download, loading

ROOT = Path(__file__).parents[1]
data = sys.modules[type(loading.load(Course(ROOT), "mnist")).__module__]
standin = importlib.import_module(".synthetic", data.__package__)
NAMES = [archive.name for archive in data.ARCHIVES]
NOWHERE = ("http://127.0.0.1:9/",)  # the discard port: nothing listens


@pytest.fixture
def course(tmp_path, monkeypatch):
    """An empty course, on a machine that has no digits yet."""
    monkeypatch.delenv("MNIST_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "*")
    (tmp_path / "course" / "source").mkdir(parents=True)
    return Course(tmp_path / "course")


@pytest.fixture(scope="session")
def full(tmp_path_factory):
    """The whole stand-in, and the seconds it took."""
    folder = tmp_path_factory.mktemp("data") / "standin"
    start = time.perf_counter()
    data.make_standin(folder)
    return folder, time.perf_counter() - start


@pytest.fixture(scope="session")
def digits():
    """The loader that students get."""
    path = ROOT / "source" / "optimization_techniques" / "digits.py"
    if not path.exists():
        pytest.skip("this course has no digits.py")
    spec = importlib.util.spec_from_file_location("digits_of_students", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def small(tmp_path):
    """The folder of four small archives in the role of MNIST's."""
    folder = tmp_path / "origin"
    folder.mkdir()
    standin.write(folder, train_counts=(3,) * 10, test_counts=(1,) * 10)
    return folder


def dataset(small: Path, *mirrors: str) -> Any:
    """The course's dataset, where MNIST is the archives in `small`, and `mirrors` serve it."""
    archives = []
    for archive, count in zip(data.ARCHIVES, (30, 30, 10, 10), strict=True):
        content = (small / archive.name).read_bytes()
        shape = (count, *archive.shape[1:])
        archives.append(data.Archive(archive.name, len(content), hashlib.sha256(content).hexdigest(), shape))
    return data.Digits(archives, mirrors)


def fetch(digits: Any, course: Course) -> Path:
    """Download into the course, and nothing else."""
    folder = course.data / "mnist"
    download.download(digits.label, digits.archives, folder, digits.mirrors)
    return folder


@pytest.fixture
def serve():
    """serve(folder) gives the address of an HTTP server for it, and the list of what it was asked for."""
    servers = []

    def start(folder):
        asked = []

        class Handler(SimpleHTTPRequestHandler):
            def log_message(self, *_):
                asked.append(self.path.lstrip("/"))

        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/", asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def read_idx(path: Path) -> np.ndarray:
    content = gzip.decompress(path.read_bytes())
    shape = np.frombuffer(content, ">u4", count=content[3], offset=4)
    assert content[:3] == b"\0\0\x08"
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def copy_all(source: Path, target: Path) -> Path:
    return Path(shutil.copytree(source, target))


# The stand-in


def test_standin_has_mnists_names_shapes_and_class_counts(full):
    folder, _ = full
    assert sorted(path.name for path in folder.iterdir()) == sorted(NAMES)
    for archive in data.ARCHIVES:
        assert read_idx(folder / archive.name).shape == archive.shape
    labels = read_idx(folder / "train-labels-idx1-ubyte.gz"), read_idx(folder / "t10k-labels-idx1-ubyte.gz")
    assert tuple(np.bincount(labels[0])) == standin.TRAIN_COUNTS
    assert tuple(np.bincount(labels[1])) == standin.TEST_COUNTS


def test_standin_images_are_digits_on_empty_paper(full):
    images = read_idx(full[0] / "t10k-images-idx3-ubyte.gz")
    assert (images.max(axis=(1, 2)) > 200).all(), "each has ink"
    ink = images.mean(axis=(1, 2))
    assert ink.min() > 4 and ink.max() < 120
    border = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], axis=1)
    assert border.mean() < 5, "digits stay inside"


def test_standin_is_made_in_seconds(full):
    assert full[1] < 20


def test_standin_training_and_test_images_are_different_draws(full):
    train = read_idx(full[0] / "train-images-idx3-ubyte.gz").reshape(60000, -1)
    test = read_idx(full[0] / "t10k-images-idx3-ubyte.gz").reshape(10000, -1)
    assert not {row.tobytes() for row in test} & {row.tobytes() for row in train}


def test_standin_can_be_learnt_but_not_by_its_mean_images(full):
    train, labels = (read_idx(full[0] / f"train-{name}-ubyte.gz") for name in ("images-idx3", "labels-idx1"))
    test, answers = (read_idx(full[0] / f"t10k-{name}-ubyte.gz") for name in ("images-idx3", "labels-idx1"))
    train, test = train.reshape(60000, -1).astype(np.float32), test.reshape(10000, -1).astype(np.float32)
    means = np.stack([train[labels == digit].mean(axis=0) for digit in range(10)])
    nearest_mean = (test @ means.T - (means**2).sum(axis=1) / 2).argmax(axis=1)
    assert 0.4 < (nearest_mean == answers).mean() < 0.9
    some = slice(0, 500)
    distances = (train**2).sum(axis=1) - 2 * test[some] @ train.T
    nearest = labels[distances.argmin(axis=1)]
    assert (nearest == answers[some]).mean() > 0.93


def test_standin_is_the_same_every_time_and_another_by_another_seed(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        (tmp_path / name).mkdir()
        standin.write(tmp_path / name, train_counts=(20,) * 10, test_counts=(2,) * 10, seed=seed)
    for name in NAMES:
        a, b, c = ((tmp_path / folder / name).read_bytes() for folder in "abc")
        assert a == b and a != c
        assert a[4:8] == b"\0\0\0\0", "gzip keeps no time"


def test_standin_does_not_heed_a_users_matplotlibrc(tmp_path):
    import matplotlib

    for name, settings in (("a", {}), ("b", {"text.usetex": True, "figure.facecolor": "black"})):
        (tmp_path / name).mkdir()
        with matplotlib.rc_context(settings):
            standin.write(tmp_path / name, train_counts=(1,) * 10, test_counts=(1,) * 10)
    for name in NAMES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


# prepare and locate


def test_without_network_the_standin_is_made_once(course, monkeypatch):
    digits = data.Digits(mirrors=NOWHERE)
    first = digits.prepare(course.data)
    assert (first.folder, first.label) == (course.data / "standin", data.STAND_IN)
    assert "stand-in" in first.note and first.warning == "trained on the stand-in, not on MNIST"
    assert digits.locate(course.data) == first
    times = {path: path.stat().st_mtime_ns for path in first.folder.iterdir()}
    assert digits.prepare(course.data) == first
    assert times == {path: path.stat().st_mtime_ns for path in first.folder.iterdir()}
    assert [path.name for path in course.data.iterdir() if path.name.startswith(".")] == []


def test_offline_asks_nobody(course, small, serve):
    address, asked = serve(small)
    folder = course.data / "standin"
    folder.mkdir(parents=True)
    standin.write(folder, train_counts=(3,) * 10, test_counts=(1,) * 10, seed=2)
    found = dataset(small, address).prepare(course.data, offline=True)
    assert (found.folder, found.label) == (folder, data.STAND_IN)
    assert not asked


def test_mnist_is_fetched_verified_and_found_again(course, small, serve):
    address, asked = serve(small)
    digits = dataset(small, address)
    found = digits.prepare(course.data)
    assert (found.folder, found.variable, found.label) == (course.data / "mnist", "MNIST_DIR", data.MNIST)
    assert "MNIST" in found.note and not found.warning
    assert sorted(path.name for path in found.folder.iterdir()) == sorted(NAMES)
    assert asked == NAMES
    assert digits.prepare(course.data) == found == digits.locate(course.data)
    assert asked == NAMES, "nothing is fetched twice"


def test_fetched_files_can_be_read_by_other_users(course, small, serve):
    folder = dataset(small, serve(small)[0]).prepare(course.data).folder
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in folder.iterdir())


def test_the_next_mirror_helps_out(course, small, serve, tmp_path):
    other = copy_all(small, tmp_path / "other")
    (other / NAMES[1]).write_bytes(b"<html>moved</html>")
    (other / NAMES[2]).unlink()
    bad, asked = serve(other)
    good, asked_then = serve(small)
    digits = dataset(small, *NOWHERE, bad, good)
    fetch(digits, course)
    assert asked == NAMES[:2]
    assert asked_then == NAMES[1:], "what a mirror served well is not fetched again"
    assert digits.locate(course.data).label == data.MNIST


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-10],
        lambda content: content + b"more",
        lambda content: bytes([content[0] ^ 1]) + content[1:],
        lambda content: b"",
    ],
    ids=["short", "long", "changed", "empty"],
)
def test_wrong_bytes_never_get_the_name(course, small, serve, tmp_path, spoil):
    other = copy_all(small, tmp_path / "other")
    (other / NAMES[0]).write_bytes(spoil((small / NAMES[0]).read_bytes()))
    digits = dataset(small, serve(other)[0])
    if len((other / NAMES[0]).read_bytes()) > (small / NAMES[0]).stat().st_size:
        folder = fetch(digits, course)  # what is beyond the archive's length is not read
        assert (folder / NAMES[0]).read_bytes() == (small / NAMES[0]).read_bytes()
        return
    with pytest.raises(ConnectionError, match=re.escape(f"sends a different {NAMES[0]}")):
        fetch(digits, course)
    assert list((course.data / "mnist").iterdir()) == []


def test_a_mirror_that_says_nothing_is_given_up(course, small, monkeypatch):
    import socket

    monkeypatch.setattr(download, "IDLE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        start = time.perf_counter()
        with pytest.raises(ConnectionError, match="timed out"):
            fetch(dataset(small, f"http://127.0.0.1:{mute.getsockname()[1]}/"), course)
    assert time.perf_counter() - start < 3


def test_a_mirror_that_drips_is_given_up(course, small, monkeypatch, serve):
    monkeypatch.setattr(download, "FILE_SECONDS", -1)
    with pytest.raises(ConnectionError, match="more than"):
        fetch(dataset(small, serve(small)[0]), course)


def test_a_failed_download_says_what_each_mirror_did(course, small, serve, tmp_path):
    (tmp_path / "empty").mkdir()
    address, _ = serve(tmp_path / "empty")
    with pytest.raises(ConnectionError) as failure:
        fetch(dataset(small, *NOWHERE, address), course)
    assert NOWHERE[0] in str(failure.value) and "refused" in str(failure.value)
    assert address in str(failure.value) and "404" in str(failure.value)


def test_a_damaged_archive_is_named_and_repaired(course, small, serve):
    folder = copy_all(small, course.data / "mnist")
    (folder / NAMES[2]).write_bytes((small / NAMES[2]).read_bytes()[:-5])
    with pytest.raises(CourseError, match=f"{NAMES[2]} is damaged"):
        dataset(small).locate(course.data)
    for offline in (True, False):
        with pytest.raises(CourseError, match=f"{NAMES[2]} is damaged"):
            dataset(small, *NOWHERE).prepare(course.data, offline=offline)
    address, asked = serve(small)
    assert dataset(small, address).prepare(course.data).label == data.MNIST
    assert asked == [NAMES[2]]


def test_a_damaged_standin_is_drawn_again(course, full):
    folder = copy_all(full[0], course.data / "standin")
    (folder / NAMES[0]).write_bytes(b"damaged")
    found = data.DATASET.prepare(course.data, offline=True)
    assert (found.folder, found.label) == (folder, data.STAND_IN)
    assert (folder / NAMES[0]).read_bytes() == (full[0] / NAMES[0]).read_bytes()


def test_places_come_in_order(course, full, small, monkeypatch, tmp_path):
    digits = dataset(small)
    with pytest.raises(CourseError, match="run 'coursekit data'"):
        digits.locate(course.data)
    for folder in (
        course.data / "standin",
        download.cache("mnist"),
        course.data / "mnist",
        tmp_path / "mine",
    ):
        copy_all(small, folder)
        if folder.name == "mine":
            monkeypatch.setenv("MNIST_DIR", str(folder))
        assert digits.locate(course.data).folder == folder
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MNIST_DIR", "mine")
    assert digits.locate(course.data).folder == tmp_path / "mine", (
        "a relative path is meant from the working folder"
    )
    monkeypatch.setenv("MNIST_DIR", "elsewhere")
    assert digits.locate(course.data).folder == course.data / "mnist"


def test_a_standin_in_mnist_dir_is_called_one(course, full, monkeypatch):
    monkeypatch.setenv("MNIST_DIR", str(full[0]))
    found = data.DATASET.locate(course.data)
    assert (found.folder, found.label) == (full[0], data.STAND_IN)
    assert data.Digits(mirrors=NOWHERE).prepare(course.data) == found


def test_a_folder_that_cannot_be_written_is_a_sentence(course, small, serve):
    course.data.write_text("a file in its place")
    with pytest.raises(CourseError, match="can't be written"):
        dataset(small, serve(small)[0]).prepare(course.data)


def test_progress_goes_to_its_console_and_nowhere_else(course, small, serve, capsys):
    (course.data / "mnist").mkdir(parents=True)
    console = Console(file=io.StringIO(), width=100)
    dataset(small, serve(small)[0]).prepare(course.data, progress=console)
    assert "Downloading MNIST" in console.file.getvalue()
    assert capsys.readouterr() == ("", "")


# The student's loader, and the folder's README


def test_students_loader_knows_the_same_archives(digits):
    assert {a.name: (a.size, a.sha256) for a in data.ARCHIVES} == digits.FILES
    assert {a.name: a.shape for a in data.ARCHIVES} == digits.SHAPES
    assert tuple(digits.MIRRORS) == data.MIRRORS


def test_students_loader_finds_what_prepare_made(digits, course, full, monkeypatch):
    copy_all(full[0], course.data / "standin")
    work = course.root / "release" / "some_assignment"
    work.mkdir(parents=True)
    monkeypatch.chdir(work)
    assert digits.cache() == download.cache("mnist")
    assert digits.find() == course.data / "standin"
    assert digits.which_data() == data.STAND_IN
    images, labels, *_ = digits.get_mnist()
    assert images.shape == (60000, 28, 28) and labels.shape == (60000,)


def test_readme_lists_the_archives():
    readme = (ROOT / "data" / "README.md").read_text()
    for archive in data.ARCHIVES:
        assert f"| `{archive.name}` | {archive.size} | `{archive.sha256}` |" in readme
    assert all(mirror in readme for mirror in data.MIRRORS)


def test_readmes_own_dataset_can_be_brought(course):
    [example] = re.findall(r"```python\n(.*?)```", (ROOT / "data" / "README.md").read_text(), re.S)
    (course.data / "iris").mkdir(parents=True)
    (course.data / "iris.py").write_text(example)
    with pytest.raises(CourseError, match="Put iris.csv into"):
        loading.locate(course, "iris")
    (course.data / "iris" / "iris.csv").write_text("5.1,3.5\n")
    found = loading.locate(course, "iris")
    assert (found.folder, found.variable, found.label) == (course.data / "iris", "IRIS_DIR", "irises")
