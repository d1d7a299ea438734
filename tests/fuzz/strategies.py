"""Inputs with the shape of real ones, most of them sound in most of their parts: a strategy for each target."""

from __future__ import annotations

import contextlib
import io
import json
import math
import random
import stat
import struct
import warnings
import zipfile
from typing import Any

import msgpack
import numpy as np
from hypothesis import strategies as st

from coursekit.sandbox import proxies as standins
from coursekit.sandbox import raised
from coursekit.sandbox.inside import wire


def pack(value: Any) -> bytes:
    return msgpack.packb(value, unicode_errors="surrogatepass")


def mostly(sound: st.SearchStrategy, other: st.SearchStrategy) -> st.SearchStrategy:
    """`sound` nine times of ten."""
    return st.integers(0, 9).flatmap(lambda n: other if n == 9 else sound)


texts = st.text(st.characters(exclude_categories=()), max_size=20)
integers = st.integers(-(2**63), 2**64 - 1) | st.integers(-2, 20)
atoms = st.none() | st.booleans() | integers | st.floats() | texts | st.binary(max_size=20)
keys = st.none() | integers | texts | st.floats()
junk = st.recursive(
    atoms | st.builds(msgpack.ExtType, st.integers(0, 127), st.binary(max_size=9)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)

# ---- values, as wire.Shared encodes them

numbers = st.integers(0, 14)  # of objects: even ones are the grader's
dtypes = st.sampled_from([*wire.DTYPES, "<U1", "<U3", "|S2", "<M8[D]", "<m8[25ns]"])
kinds = st.sampled_from([*standins.KINDS, "array", "mapping", standins.ITERATOR, ""])
handles = st.tuples(numbers, st.booleans(), texts, mostly(kinds, texts), st.booleans()).map(list)
days = st.integers(1, 3_652_059)
small = mostly(st.integers(0, 59), integers)
clock = (small, small, small, small, mostly(st.integers(0, 1), integers), mostly(st.none(), integers))
hexes = mostly(st.from_regex(r"-?0x[0-9a-f]{1,20}", fullmatch=True), texts | st.just("f" * 4096))


@st.composite
def scalars(draw: st.DrawFn) -> list[Any]:
    dtype = draw(st.sampled_from([*wire.DTYPES]))
    size = np.dtype(dtype).itemsize + draw(mostly(st.just(0), st.integers(-1, 1)))
    return ["n", dtype, draw(st.binary(min_size=max(size, 0), max_size=max(size, 0)))]


leaves = st.one_of(
    atoms.filter(lambda atom: type(atom) is not bytes),
    st.tuples(st.just("o"), numbers).map(list),
    st.tuples(st.just("h"), mostly(handles, st.lists(atoms))).map(list),
    st.tuples(st.just("date"), mostly(days, atoms)).map(list),
    st.tuples(st.just("datetime"), mostly(days, atoms), *clock).map(list),
    st.tuples(st.just("time"), *clock).map(list),
    st.tuples(st.just("timedelta"), mostly(st.integers(-9, 9), integers), small, small).map(list),
    st.tuples(st.just("decimal"), mostly(st.decimals().map(str), texts)).map(list),
    st.tuples(st.just("fraction"), hexes, hexes).map(list),
    st.tuples(st.just("y"), mostly(dtypes, texts)).map(list),
    scalars(),
    st.tuples(st.just("i"), hexes).map(list),
    st.tuples(st.just("c"), st.floats(), st.floats()).map(list),
    st.tuples(st.just("b"), st.binary(max_size=10)).map(list),
    st.just(["e"]),
    junk,
)


def deeper(inner: st.SearchStrategy) -> st.SearchStrategy:
    three = st.lists(inner, min_size=3, max_size=3) | st.lists(st.integers(-9, 99), min_size=3, max_size=3)
    nested = st.integers(35, 45).flatmap(lambda depth: inner.map(lambda value: nest(value, depth)))
    return st.one_of(
        st.tuples(st.sampled_from("tf"), st.lists(inner, max_size=4)).map(list),
        st.tuples(st.sampled_from("sr"), three).map(list),
        nested,
    )


def nest(value: Any, depth: int) -> Any:
    for _ in range(depth):
        value = ["t", [value]]
    return value


encoded = st.recursive(leaves, deeper, max_leaves=8)


@st.composite
def contents(draw: st.DrawFn) -> tuple[Any, dict[Any, Any], list[bytes]]:
    """A value, the objects that come with it, and their arrays' bytes."""
    objects, blobs = {}, []
    for key in draw(st.lists(mostly(numbers, keys), max_size=5)):
        shape = draw(mostly(st.sampled_from("aaldST"), junk))
        if shape == "a":
            dtype = draw(mostly(dtypes, junk))
            lengths = draw(mostly(st.sampled_from([[3], [2, 2], [], [0], [1, 3], [0, 2**63]]), junk))
            size = 8
            with contextlib.suppress(Exception):  # of junk: any size will do
                size = int(np.dtype(dtype).itemsize * math.prod(lengths))
            size = min(max(size + draw(mostly(st.just(0), st.integers(-1, 1))), 0), 500)
            index = draw(mostly(st.just(len(blobs)), st.integers(-1, 3)))
            blobs.append(draw(st.binary(min_size=size, max_size=size)))
            place = draw(mostly(st.just(["blob", index]), st.just(["fd", 0]) | junk))
            objects[key] = ["a", dtype, lengths, draw(mostly(st.booleans(), junk)), place]
        else:
            objects[key] = [shape, draw(mostly(st.lists(encoded, max_size=4), junk))]
    return draw(encoded), objects, blobs


raised = st.fixed_dictionaries(
    {
        "type": st.sampled_from(sorted(raised.BUILT_IN)) | texts,
        "name": texts,
        "message": mostly(texts, st.just("x" * 5000) | junk),
        "frames": mostly(
            st.lists(st.tuples(texts | st.just("cell 1"), integers, texts, texts).map(list), max_size=3), junk
        ),
    }
)


@st.composite
def states(draw: st.DrawFn) -> Any:
    """A random state with one part or another out of its range."""
    one = np.random.RandomState(draw(st.integers(0, 9)))
    _, words, *_ = one.get_state()
    other = random.Random(draw(st.integers(0, 9))).getstate()
    state = [
        words.tobytes(),
        draw(mostly(st.integers(0, 624), integers)),
        draw(mostly(st.integers(0, 1), atoms)),
        draw(mostly(st.floats(-9, 9), st.floats())),
        struct.pack("<625I", *other[1]),
        draw(mostly(st.none() | st.floats(-9, 9), atoms)),
    ]
    if draw(st.integers(0, 2)) == 0:
        state[draw(st.sampled_from([0, 4]))] = draw(
            st.sampled_from([bytes(2496), bytes(2500), b"\xff" * 2496, b"\xff" * 2500, b"", 0])
        )
    return draw(mostly(st.just(state), st.just(state[:5]) | junk))


@st.composite
def reply(draw: st.DrawFn) -> list[Any]:
    value, objects, blobs = draw(contents())
    if draw(st.booleans()):  # a handle keeps the conversation going
        value, objects, blobs = ["h", draw(handles)], {}, []
    header = {
        "value": value,
        "objects": objects,
        "error": draw(st.none() | st.none() | mostly(raised, junk)),
        "random": draw(mostly(st.none(), states())),
    }
    header |= draw(mostly(st.just({}), st.fixed_dictionaries({"changed": st.booleans() | junk})))
    return [draw(mostly(st.just(header), junk)), blobs]


name_lists = mostly(st.lists(texts | atoms), junk)
loading = st.one_of(
    st.just({"op": "ready"}),
    st.fixed_dictionaries({"op": st.just("cell"), "cell": mostly(st.sampled_from([1, 2]), junk)}),
    st.fixed_dictionaries(
        {
            "op": st.just("raised"),
            "cell": mostly(st.sampled_from([1, 2]), junk),
            "error": mostly(raised, junk),
        }
    ),
    st.fixed_dictionaries({"op": st.just("loaded"), "names": name_lists, "threads": name_lists}),
    junk,
).map(lambda header: [header, []])


def stream(message: st.SearchStrategy) -> st.SearchStrategy[bytes]:
    return st.lists(message, max_size=12).map(lambda found: b"".join(map(pack, found)))


@st.composite
def raw_frames(draw: st.DrawFn) -> bytes:
    data = b""
    for header in draw(st.lists(junk, max_size=3)):
        blobs = draw(st.lists(st.binary(max_size=20), max_size=3))
        sizes = draw(mostly(st.just([len(blob) for blob in blobs]), st.just([0] * 9000) | junk))
        packed = draw(mostly(st.just(pack([header, sizes])), st.binary(max_size=40)))
        told = draw(mostly(st.just((len(packed), sum(map(len, blobs)))), st.tuples(integers, integers)))
        data += wire.PREFIX.pack(*(number % 2**64 for number in told)) + packed + b"".join(blobs)
    return data[: draw(mostly(st.just(len(data)), st.integers(0, len(data))))]


# ---- submissions

names = st.sampled_from(["imports", "f", "test_f", "given", "other", ""])
sources = st.sampled_from(["import math", "def f(): return 1", "assert f()", "x\r\ny"]) | texts
roles = st.dictionaries(st.sampled_from(["grade", "solution", "locked", "points"]), st.booleans() | atoms)
metadata = st.builds(
    lambda name, role, tags: {"nbgrader": {"grade_id": name, **role}, "tags": tags},
    mostly(names, junk),
    roles,
    mostly(st.lists(st.sampled_from(["skip-execution", "otter_ignore"]) | junk, max_size=2), junk),
)
cells = st.fixed_dictionaries(
    {
        "cell_type": mostly(st.sampled_from(["code", "markdown"]), junk),
        "source": mostly(sources | st.lists(sources, max_size=3), junk),
        "metadata": mostly(metadata | st.just({}), junk),
    }
)
documents = st.fixed_dictionaries(
    {
        "nbformat": mostly(st.just(4), junk),
        "cells": mostly(
            st.lists(mostly(cells, junk), max_size=8) | st.lists(cells, min_size=31, max_size=31), junk
        ),
    }
)


def as_json(document: Any) -> bytes:
    def jsonable(value: Any) -> Any:
        if isinstance(value, bytes):
            return value.hex()
        if isinstance(value, dict):
            return {str(key): jsonable(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [jsonable(item) for item in value]
        return value

    return json.dumps(jsonable(document)).encode()


@st.composite
def notebooks(draw: st.DrawFn) -> bytes:
    data = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"])) + as_json(draw(documents))
    place = draw(mostly(st.just(None), st.integers(0, len(data))))
    return data if place is None else data[:place] + draw(st.binary(max_size=4)) + data[place + 1 :]


parts = st.sampled_from(
    [
        "hw.ipynb",
        "a.ipynb",
        "x.py",
        "data",
        "digits.py",
        "more.txt",
        "..",
        ".",
        "",
        "é",
        "__MACOSX",
        "a" * 300,
    ]
) | st.text(st.characters(exclude_characters="\0"), max_size=6)
paths = st.lists(parts, min_size=1, max_size=3).map("/".join) | st.just("/etc/x") | st.just("a/" * 8 + "b")


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    """Zips of notebooks and other files, with odd names, kinds and sizes, and a few bytes spoilt."""
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as made:
        warnings.simplefilter("ignore")
        for name in draw(st.lists(mostly(paths, st.just("hw.ipynb")), max_size=5)):
            info = zipfile.ZipInfo(name)
            kind = draw(mostly(st.just(0), st.sampled_from([stat.S_IFLNK, stat.S_IFDIR, stat.S_IFCHR])))
            info.external_attr = (kind | 0o644) << 16
            info.compress_type = draw(
                st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
            )
            data = draw(mostly(notebooks(), st.just(b"\0" * 300_000) | st.binary(max_size=20)))
            made.writestr(info, data)
        made.comment = draw(mostly(st.just(b""), st.binary(max_size=30) | st.just(b"PK\5\6" + bytes(18))))
    return spoilt(draw, file.getvalue())


names = st.sampled_from(
    ["ada", "Ada Lovelace", "Zoë", "李雷", "o'brien", "00429", "..", ".x", "", "a\nb", "\x1b[1m"]
)
ids = st.sampled_from(["7", "8", "0", "9" * 25, "x"])
handed = mostly(
    st.sampled_from(["tiny.ipynb", "other.ipynb", "tiny-1.ipynb", "timestamp.txt", "hw.zip", "1"]), texts
)


@st.composite
def places(draw: st.DrawFn) -> str:
    """A file's name in a platform's download."""
    name, number, file = draw(names), draw(ids), draw(handed)
    other = draw(names)
    forms = [
        f"{name}_{number}_12_{file}",
        f"{name}_LATE_{number}_13_{file}",
        f"LATE_anon_{name}_14_{file}",
        f"{name}_{number}_text.html",
        f"{name}_{number}_assignsubmission_file_/{file}",
        f"{name}_{number}_assignsubmission_file_{file}",
        f"{name}_assignsubmission_onlinetext/onlinetext.html",
        f"submission_{number}/{file}",
        f"{name}/tiny/{file}",
        f"{name}+tiny+2026-11-0{number} 10:00:00 UTC/{file}",
        f"{name}_{file}",
        f"{name}/{file}",
        f"{name}/{other}/{file}",
    ]
    return draw(st.sampled_from(["", "", "wrap/"])) + draw(st.sampled_from(forms))


@st.composite
def metadata(draw: st.DrawFn) -> bytes:
    """Gradescope's file about the submissions."""
    lines = []
    for number in draw(st.lists(ids, max_size=3)):
        lines.append(f"submission_{number}:\n  :submitters:")
        for _ in range(draw(st.integers(0, 2))):
            lines.append(
                f"  - :name: {draw(mostly(names, texts))}\n    :sid: {draw(ids)}\n    :email: {draw(names)}@x"
            )
        lines.append(f"  :created_at: 2026-11-2{draw(ids)} 10:00:00.000000000 Z\n  :history: []")
    return "\n".join(lines).encode(errors="replace")


@st.composite
def downloads(draw: st.DrawFn) -> bytes:
    """Zips from platforms, with odd names and kinds, and a few bytes spoilt."""
    file = io.BytesIO()
    one_form = draw(st.booleans())
    found = draw(st.lists(mostly(places(), paths), max_size=6))
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as made:
        warnings.simplefilter("ignore")
        for name in found[:1] * 2 + found if one_form else found:
            info = zipfile.ZipInfo(name.encode(errors="replace").decode() or "x")
            kind = draw(mostly(st.just(0), st.sampled_from([stat.S_IFLNK, stat.S_IFDIR, stat.S_IFCHR])))
            info.external_attr = (kind | 0o644) << 16
            info.compress_type = draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
            text = st.sampled_from([b"{}", b"2026-11-20 10:00:00 UTC", b""])
            made.writestr(info, draw(mostly(text, st.binary(max_size=20))))
        if draw(st.booleans()):
            made.writestr("submission_metadata.yml", draw(mostly(metadata(), st.binary(max_size=40))))
    return spoilt(draw, file.getvalue())


def spoilt(draw: st.DrawFn, data: bytes) -> bytes:
    """`data` with a few bytes changed, most of them in the list of entries at its end."""
    changed = bytearray(data)
    for _ in range(draw(mostly(st.just(0), st.integers(1, 4)))):
        place = len(changed) - draw(st.integers(1, min(len(changed), 200)))
        changed[place : place + draw(st.integers(0, 4))] = draw(
            st.binary(max_size=4) | st.sampled_from([b"PK\5\6", b"\xff\xff\xff\xff"])
        )
    return bytes(changed)


@st.composite
def folders(draw: st.DrawFn) -> bytes:
    made = []
    for name in draw(st.lists(mostly(paths, texts), max_size=6)):
        kind = draw(mostly(st.just(0), st.integers(1, 3)))
        data = draw(notebooks()) if kind == 0 else b"/etc/passwd"
        made.append(pack([kind, name.encode("utf-8", "surrogatepass"), data]))
    return b"".join(made)


# ---- what is shown

risky = st.sampled_from(
    [
        *(
            "<",
            ">",
            "&",
            '"',
            "'",
            "</pre>",
            "<script>",
            "<!--",
            "]]>",
            "_",
            "{{",
            "{%",
            "\x1b[31m",
            "\x1b]0;",
        ),
        *("=", "+", "-", "@", "\t", "\r", "\n", ";", ",", "＝", "\u202e", "\u2028", "\ud800", "\0", "\x9b"),
        *("[red]", "[/]", "[link=x]", "Visible test: failed.", "Your code printed:", "\n  ", "x" * 2000),
    ]
)
shows = st.lists(risky | texts, max_size=6).map("".join)
shown = st.tuples(
    *[shows] * 6, st.sampled_from(["passed", "failed", "manual", ""]) | shows, *[shows] * 2
).map(list)

STRATEGIES: dict[str, st.SearchStrategy[bytes]] = {
    "frames": raw_frames(),
    "values": stream(contents().map(list)),
    "replies": stream(reply()),
    "load": stream(loading),
    "random_state": stream(states()),
    "notebook": notebooks(),
    "archive": archives(),
    "folder": folders(),
    "download": downloads(),
    "shown": stream(shown),
}
