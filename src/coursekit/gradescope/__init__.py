"""Sealed grading in Gradescope's own containers.

packing.py makes the zip that is uploaded there. Its setup.sh (in_zip/) installs Python, coursekit and the dataset when
Gradescope builds the image; its run_autograder starts container.py for each submission.
"""
