"""Import this before nbformat, to save two seconds of every start.

An optional check of jsonschema's compiles 38 grammars when it is imported. Nothing here checks such formats, and
without its library jsonschema leaves the check out. Packages whose modules need nbformat import this in their __init__.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
