"""A mock interviewer: guide, interview, probes, grade.

Nothing heavy is imported here; `interviewer --version` must cost no more than a bare interpreter.
"""

__version__ = "0.1.0"
