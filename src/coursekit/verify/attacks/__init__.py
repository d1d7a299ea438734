"""Hostile submissions: what each tries, and whether it is held off.

Each has a file of its own: code in ``code/``, whole submissions in ``files/``, and attacks that only make sense for one
assignment in ``source/<assignment>/attacks/``. `reading` describes the form of such a file.
"""
