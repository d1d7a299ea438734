"""What students get, as one zip for each assignment and platform: the released files, and a page for the teacher.

Everything in it comes from the release as the build has made it, by name: the notebook, the answer files, the given
files; for zyLabs the dataset, which is as public. Nothing else can get in, whatever lies in the folder.
"""

from __future__ import annotations

from coursekit.core import plugins
from coursekit.handout.base import Platform, Released


def platforms() -> dict[str, Platform]:
    """All platforms in this folder, by name."""
    import sys

    return plugins.find(sys.modules[__name__], Platform)


__all__ = ["Platform", "Released", "platforms"]
