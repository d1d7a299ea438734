"""Hold the graders to what the course promises: run by instructors and CI, never by students."""
