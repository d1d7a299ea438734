"""Students with the neighbour's name, and spaces, line ends, a tab, a full stop or invisible characters around it.

Holds: a name is exact wherever it is used: as the folder that is graded, as a file, as a row and as a page.
Unsealed: no, otter names nobody, and nbgrader takes all folders.
"""


def write(folder, notebook, answers):
    """They hand in nothing, so that whatever they earn is the neighbour's."""
    name = next(folder.parents[1].glob("*/*/*.ipynb")).parents[1].name
    for twin in (
        " {}",
        "{} ",
        "{}  ",
        "{}\n",
        "\t{}",
        "{}.",
        "{}\xa0",
        "{}\u200b",
        "\ufeff{}",
        "{}\u200f",
        "'{}",
        '"{}"',
    ):
        (folder.parents[1] / twin.format(name) / folder.name).mkdir(parents=True)
