"""Build and grade courses of Jupyter notebooks, with the tests sealed off from student code."""

import sys

# An optional check of jsonschema's compiles 38 grammars when it is imported: a second of every start that loads
# nbformat. Nothing here checks such formats, and without it jsonschema leaves the check out.
sys.modules.setdefault("rfc3987_syntax", None)
