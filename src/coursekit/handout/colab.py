"""Google Colab: only the notebook is opened there, so its first cell fetches the given files."""

from __future__ import annotations

import json
from urllib.parse import quote, urlsplit

from coursekit.core.errors import CourseError
from coursekit.handout.base import Platform, Released

CELL_ID = "fetch-the-given-files"
FETCH = """\
# Fetches the files that this notebook needs, where they are not beside it.
from pathlib import Path
from urllib.request import urlopen

for name in {names}:
    if not Path(name).exists():
        with urlopen({url} + name) as answer:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_bytes(answer.read())"""


class Colab(Platform):
    name = "colab"
    needs_url = True

    def files(self, released: Released) -> dict[str, bytes]:
        notebook = json.loads(released.files[released.assignment.notebook_name])
        names = json.dumps([quote(name) for name in released.others])
        fetch = FETCH.format(names=names, url=json.dumps(_folder(released.url)))
        cell = {
            "cell_type": "code",
            "execution_count": None,
            "id": CELL_ID,
            # Where the files are there already, as in grading, there is nothing to fetch.
            "metadata": {"tags": ["skip-execution", "otter_ignore"]},
            "outputs": [],
            "source": fetch.splitlines(keepends=True),
        }
        notebook["cells"].insert(0, cell)
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        return {**released.files, released.assignment.notebook_name: text.encode()}

    def steps(self, released: Released) -> list[str]:
        folder, name = _folder(released.url), released.assignment.notebook_name
        return [
            f"Unpack the zip, and put its files where {folder} leads to; students need no login there.",
            f"Open {folder}{quote((released.others or [name])[0])} in a private window: it must give the file itself.",
            "Link the notebook, from a GitHub repository:\n"
            f"   https://colab.research.google.com/github/OWNER/REPOSITORY/blob/BRANCH/FOLDER/{name}\n"
            "   or put it into Google Drive and share it with the course.",
            "Students: File, Save a copy in Drive; run the first cell each time Colab has started anew.",
            "Students hand in the notebook (File, Download) and what they have written besides.",
        ]


def _folder(url: str) -> str:
    """The address of the folder, with a slash at its end. Raises CourseError."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise CourseError(
            f"{url!r} is not the address of a folder, such as https://example.org/course/week1/."
        )
    return url if url.endswith("/") else f"{url}/"
