"""Fills every folder that it may write to, up to 2 GiB in all, with large, many, sparse and deeply nested files.

Holds: the sandbox's folders are in memory and of fixed size; they are gone with it, however deep.
Unsealed: no, a disk bomb
"""

import os

PIECE = b"x" * (16 << 20)
left = 2 << 30


def fill(folder):
    global left
    try:
        os.makedirs(f"{folder}/coursekit-attack", exist_ok=True)
        for number in range(256):
            with open(f"{folder}/coursekit-attack/{number}", "wb") as file:
                while left > 0 and file.tell() < 256 << 20:
                    left -= file.write(PIECE)
            if left <= 0:
                break
    except OSError as error:
        print(folder, error)
    try:
        with open(f"{folder}/coursekit-attack-sparse", "wb") as file:
            file.truncate(1 << 40)
    except OSError as error:
        print(folder, error)


def nest(folder):
    os.chdir(folder)
    for _ in range(3000):
        try:
            os.mkdir("n" * 200)
            os.chdir("n" * 200)
        except OSError:
            break
    os.chdir(folder)


home = os.getcwd()
nest(home)
for folder in (
    home,
    os.path.expanduser("~"),
    "/tmp",
    "/var/tmp",
    "/dev/shm",
    "/run",
    DATA,
    "/coursekit",
):
    fill(folder)
functions_do(lambda *arguments, **keywords: fill(home))
