"""A strict reader of the YAML 1.2 core schema that knows where every value stands.

Refused: aliases, anchors, merge keys, tags, duplicate keys, several documents, numbers that are not finite, and files
beyond the stated limits. Text that YAML 1.1 would turn into something else (``NO``, ``12:30``, ``55:45:21``) stays text.
"""

from openiads.strict_yaml.document import Document, Path, Problem, StrictYamlError, path_text
from openiads.strict_yaml.placed import Placed
from openiads.strict_yaml.reading import MAX_BYTES, examine, read
from openiads.strict_yaml.scalars import Real, emitted

__all__ = ["MAX_BYTES", "Document", "Path", "Placed", "Problem", "Real", "StrictYamlError", "emitted", "examine", "path_text", "read"]
