"""Hostile submissions: what each tries, and whether it is held off.

Each lies in a file of its own, code in ``code/``, whole submissions in ``files/``, and what only makes sense for one
assignment in ``source/<assignment>/attacks/``. `reading` says what such a file looks like.
"""
