"""Grade classes: collect submissions, choose those without a current result, grade them, store the results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursekit import store
from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.core.files import unusable
from coursekit.core.reference import Reference, lookalikes
from coursekit.core.result import Result
from coursekit.datasets.located import Located
from coursekit.executors import executor
from coursekit.executors.base import Executor, Progress
from coursekit.grading import find_data
from coursekit.grading.autograder import Selection, summary_of
from coursekit.grading.job import Job, read
from coursekit.layouts.base import Collected, Layout
from coursekit.sandbox import choose


@dataclass(frozen=True)
class Needed:
    """What the jobs of one assignment need, besides the submissions and the sandbox."""

    assignment: Assignment
    folder: Path
    release: Path
    digest: str
    data: Located | None

    @classmethod
    def by(
        cls,
        assignment: Assignment,
        built: tuple[Path, Path] | None = None,
        dataset_of: Course | None = None,
    ) -> Needed:
        """See jobs_of()."""
        folder, release = built or (assignment.autograder, assignment.release)
        found = summary_of(folder, release) or read(folder, release)  # which says what is wrong
        if found.assignment != assignment.name:
            raise CourseError(
                f"{folder} was built for {found.assignment}: run 'coursekit build {assignment.name}'."
            )
        data = find_data(dataset_of or assignment.course, found.dataset)
        return cls(assignment, folder.absolute(), release.absolute(), found.digest, data)

    def jobs(
        self, submissions: Sequence[Collected], sandbox: str, selection: Selection | None = None
    ) -> list[Job]:
        """A job for each submission."""
        return [
            Job(
                self.assignment.name,
                one.reference,
                one.path.absolute(),
                self.folder,
                self.release,
                self.digest,
                sandbox,
                self.data,
                selection,
                one.notes,
            )
            for one in submissions
        ]


def jobs_of(
    assignment: Assignment,
    submissions: Sequence[Collected],
    sandbox: str,
    *,
    built: tuple[Path, Path] | None = None,
    selection: Selection | None = None,
    dataset_of: Course | None = None,
) -> list[Job]:
    """A job for each submission. built: autograder and release folders to use in place of the assignment's own.

    selection: the questions to grade, and their limits. dataset_of: the course whose dataset is used, if it is not the
    assignment's. Raises CourseError when the assignment has not been built, and when its dataset is damaged.
    """
    return Needed.by(assignment, built, dataset_of).jobs(submissions, sandbox, selection)


def grade_one(
    assignment: Assignment, path: Path, student: str, *, built: tuple[Path, Path] | None = None
) -> Result:
    """Grade the submission at `path`, a notebook or a folder, in the same way as a class. See jobs_of().

    Raises CourseError when no sandbox works or the autograder is missing.
    """
    submission = Collected(Reference(student), path)
    jobs = jobs_of(assignment, [submission], choose.strongest(), built=built)
    [result] = executor().run(jobs)
    return result


@dataclass
class Classes:
    """Jobs by assignment. refused: a sentence for each submission whose result can't have a file of its own."""

    jobs: dict[Assignment, list[Job]]
    refused: list[str] = field(default_factory=list)

    @property
    def every(self) -> list[Job]:
        return [job for jobs in self.jobs.values() for job in jobs]

    def refuse_confused(self) -> None:
        """Remove the submissions whose results would share a file with another's or an older one."""
        for assignment, jobs in self.jobs.items():
            files = [f"{job.reference.student}.json" for job in jobs]
            older = {f"{student}.json" for student in store.students(assignment)} - set(files)
            confused = unusable([*files, *older], assignment.results)
            for job, file in zip(list(jobs), files, strict=True):
                if file in confused:
                    jobs.remove(job)
                    self.refused.append(
                        f"{ascii(str(job.path))[1:-1]} is not graded: {ascii(file)} {confused[file]}. "
                        "Rename the student's folder."
                    )

    def lookalikes(self) -> list[str]:
        """A sentence for each group of students whose names can't be told apart by eye."""
        said = []
        for assignment, jobs in self.jobs.items():
            said += lookalikes([*store.students(assignment), *(job.reference.student for job in jobs)])
        return list(dict.fromkeys(said))

    def without_result(self) -> list[Job]:
        """The jobs without a current result on disk. The current ones get the references that there are now."""
        found = []
        for assignment, jobs in self.jobs.items():
            known = store.digests(assignment)
            for job in jobs:
                result = store.current(assignment, job, known)
                if result is None:
                    found.append(job)
                elif result.reference != job.reference:
                    store.refer(assignment, job.reference)
            known.save()
        return found


def collect(assignments: Sequence[Assignment], layout: Layout, sandbox: Callable[[], str]) -> Classes:
    """The jobs of all assignments that have a submission. Raises CourseError.

    sandbox: gives its name. It is asked last, so that it may be tried meanwhile.
    """
    submitted = {assignment: found for assignment in assignments if (found := layout.find(assignment))}
    needed = {assignment: Needed.by(assignment) for assignment in submitted}
    name = sandbox()
    return Classes({one: needed[one].jobs(found, name) for one, found in submitted.items()})


def work_through(
    classes: Classes,
    jobs: Sequence[Job],
    workers: Executor,
    *,
    keep: bool,
    progress: Progress = lambda job, step: None,
) -> Iterator[Result]:
    """Grade `jobs` of these classes; with `keep`, write each result as soon as it is there. Raises CourseError.

    What is written may be the result of before, if the grader itself failed.
    """
    assignments = {assignment.name: assignment for assignment in classes.jobs}
    for result in workers.run(jobs, progress):
        yield store.write(assignments[result.assignment], result) if keep else result
