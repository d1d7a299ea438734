"""Fuzz for as long as you like: python tests/fuzz/run.py --minutes 10 [GROUP or TARGET …]

Each target (see targets.py) gets an even share of the minutes. Hypothesis makes inputs with the shape of real ones
(strategies.py) for a third of it; from those and the kept corpus atheris, which sees what code an input reaches,
breeds others for the rest. Without atheris (`pip install -r tests/fuzz/requirements.txt`: Linux, 35 MB) Hypothesis has
all of the time.

An input that breaks a promise is saved in --faults (by default ./fuzz-faults), and the exit status is 1; `--replay
FILE` runs it alone. `--keep` puts what reaches code that the kept corpus does not into tests/fuzz/corpus, where the
ordinary tests find it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import re
import shlex
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
GUIDED = ["coursekit.collect", "coursekit.intake", "coursekit.outputs", "coursekit.sandbox", "zipfile"]
MAX_KEPT = 150  # inputs a target
MAX_KEPT_BYTES = 90_000  # of a target's inputs together
SEEDS = 400
MEMORY_MIB = 3000
INPUT_SECONDS = 10


def corpus(target: str) -> dict[str, bytes]:
    """The kept inputs of a target, by name. Those called fault-… once broke a promise."""
    path = CORPUS / f"{target}.zip"
    if not path.exists():
        return {}
    with zipfile.ZipFile(path) as kept:
        return {name: kept.read(name) for name in kept.namelist()}


def keep(target: str, inputs: dict[str, bytes]) -> None:
    """Make `inputs` the kept ones of a target; the same inputs make the same bytes."""
    CORPUS.mkdir(exist_ok=True)
    with zipfile.ZipFile(CORPUS / f"{target}.zip", "w", zipfile.ZIP_DEFLATED) as kept:
        for name, data in sorted(inputs.items()):
            kept.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)


def named(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def hypothesis_run(target: str, seconds: float, faults: Path, examples: int = 0) -> tuple[int, list[bytes]]:
    """Inputs from the target's strategy for that long, or so many; returns how many ran, and a sample of them."""
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis.configuration import set_hypothesis_home_dir
    from strategies import STRATEGIES
    from targets import MAX_INPUT, TARGETS

    set_hypothesis_home_dir(HERE / "__pycache__" / "hypothesis")
    ran, sample, places, until = 0, [], set(), time.monotonic() + seconds
    silent = settings(
        max_examples=examples or 500,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )

    def run(data: bytes) -> None:
        nonlocal ran
        if len(data) > MAX_INPUT or time.monotonic() > until:
            return
        ran += 1
        if ran % 7 == 1 and len(sample) < SEEDS:
            sample.append(data)
        try:
            TARGETS[target](data)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            if (place.filename, place.lineno) in places:
                return
            places.add((place.filename, place.lineno))
            faults.mkdir(parents=True, exist_ok=True)
            path = faults / f"{target}-{named(data)}"
            path.write_bytes(data)
            print(f"{path}:\n{traceback.format_exc(limit=-4)}", flush=True)

    turn = 0 if examples else time.time_ns()  # the ordinary tests are the same each time
    while time.monotonic() < until:
        turn += 1
        seed(turn)(silent(given(STRATEGIES[target])(run)))()
        if examples:
            break
    return ran, sample


def atheris_run(target: str, arguments: list[str]) -> None:
    """Become libFuzzer: it ends this process."""
    import atheris

    del sys.modules["zipfile"]  # to be imported anew, instrumented
    with atheris.instrument_imports(include=GUIDED):
        import targets

    check = targets.TARGETS[target]
    whole = target in ("frames", "notebook", "archive", "download")  # their inputs are no msgpack
    mutator = {} if whole else {"custom_mutator": mutate}
    again = shlex.join([sys.executable, __file__, "--libfuzzer", target])  # what a shell is given, to merge
    atheris.Setup([again, *arguments], check, enable_python_coverage=True, **mutator)
    atheris.Fuzz()


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """`data` with one part of one of its messages exchanged, doubled or dropped; or with any bytes changed."""
    import random

    import atheris
    import msgpack
    from targets import messages

    dice = random.Random(seed)
    found = list(messages(data))
    if not found or dice.random() < 0.4:
        return atheris.Mutate(data, max_size)
    nodes = [(found, place) for place in range(len(found))]
    for parent, place in nodes:  # it grows meanwhile
        child = parent[place]
        if len(nodes) < 3000 and isinstance(child, (list, dict)):
            nodes += [(child, key) for key in (child if isinstance(child, dict) else range(len(child)))]
    parent, place = dice.choice(nodes)
    other, elsewhere = dice.choice(nodes)
    move = dice.randrange(4)
    if move == 0 and isinstance(parent, list):
        parent.insert(place, other[elsewhere])
    elif move == 1:
        del parent[place]
    elif move == 2:
        parent[place] = dice.choice(
            [None, True, -1, 0, 1, 2, 2**63, 1.5, "", b"", [], {}, "x", ["e"], float("nan")]
        )
    else:
        parent[place] = other[elsewhere]
    try:
        made = b"".join(msgpack.packb(message, unicode_errors="surrogatepass") for message in found)
    except (ValueError, OverflowError, RecursionError, TypeError):  # one that holds itself
        return atheris.Mutate(data, max_size)
    return made if len(made) <= max_size else data


def guided(target: str, seconds: float, seeds: Path, faults: Path) -> tuple[int, int, bool]:
    """atheris for that long, from the inputs in `seeds` and into it: (inputs run, edges reached, clean)."""
    faults.mkdir(parents=True, exist_ok=True)
    done = libfuzzer(
        target,
        f"-max_total_time={max(1, int(seconds))}",
        f"-artifact_prefix={faults}/{target}-",
        "-print_final_stats=1",
        str(seeds),
    )
    edges = [int(number) for number in re.findall(r"cov: (\d+)", done.stderr)]
    ran = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    clean = done.returncode == 0
    if not clean:
        print(done.stdout[-4000:], done.stderr[-4000:], sep="\n", flush=True)
    return int(ran[1]) if ran else 0, max(edges, default=0), clean


def libfuzzer(target: str, *arguments: str) -> subprocess.CompletedProcess:
    from targets import MAX_INPUT

    common = [f"-timeout={INPUT_SECONDS}", f"-rss_limit_mb={MEMORY_MIB}", f"-max_len={MAX_INPUT}"]
    command = [sys.executable, __file__, "--libfuzzer", target, *common, *arguments]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)


def merge(target: str, inputs: Path) -> None:
    """Keep the smallest of `inputs` that together reach what all of them reach, and every fault there was."""
    old = corpus(target)
    with tempfile.TemporaryDirectory() as scratch:
        libfuzzer(target, "-merge=1", scratch, str(inputs))
        found = sorted((path.read_bytes() for path in Path(scratch).iterdir()), key=len)
    kept = {name: data for name, data in old.items() if name.startswith("fault-")}
    size = 0
    for data in found[:MAX_KEPT]:
        size += len(data)
        if size <= MAX_KEPT_BYTES:
            kept[named(data)] = data
    keep(target, kept)


def fuzz(target: str, seconds: float, faults: Path, keeping: bool) -> bool:
    """Fuzz one target and print a line about it; True when nothing was found."""
    started = time.monotonic()
    with_atheris = importlib.util.find_spec("atheris") is not None
    ran, sample = hypothesis_run(target, seconds / 3 if with_atheris else seconds, faults)
    clean, more, edges = not list(faults.glob(f"{target}-*")), 0, 0
    if with_atheris:
        with tempfile.TemporaryDirectory() as name:
            seeds = Path(name)
            for data in [*corpus(target).values(), *sample]:
                (seeds / named(data)).write_bytes(data)
            left = seconds - (time.monotonic() - started)
            more, edges, guided_clean = guided(target, left, seeds, faults)
            clean = clean and guided_clean
            if keeping:
                merge(target, seeds)
    took = time.monotonic() - started
    reached = f", {edges:,} edges reached" if edges else ""
    print(
        f"{target}: {ran:,} + {more:,} inputs in {took:.0f} s{reached}, {'clean' if clean else 'FAULTS'}",
        flush=True,
    )
    return clean


def main() -> int:
    from targets import GROUPS, TARGETS

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "names", nargs="*", metavar="GROUP or TARGET", help=f"{', '.join(GROUPS)}, or of {', '.join(TARGETS)}"
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--faults", type=Path, default=Path("fuzz-faults"))
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--replay", type=Path)
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in GROUPS and name not in TARGETS]
    if unknown or (given.replay and len(given.names) != 1):
        parser.error(f"there is no {unknown[0]}" if unknown else "--replay needs one target")
    names = [target for name in given.names or GROUPS for target in GROUPS.get(name, [name])]
    if given.replay:
        TARGETS[names[0]](given.replay.read_bytes())
        return 0
    seconds = given.minutes * 60 / len(names)
    clean = [fuzz(target, seconds, given.faults, given.keep) for target in names]
    with contextlib.suppress(OSError):
        given.faults.rmdir()  # when it is empty
    return 0 if all(clean) else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--libfuzzer"]:
        atheris_run(sys.argv[2], sys.argv[3:])
    else:
        sys.exit(main())
