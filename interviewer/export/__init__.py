"""A session in other forms: a page, a text, an object, a recording, a picture.

Each form has a module of its own, made from an `Account`; `forms.write_export` writes one.
"""

SUFFIXES = {
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".cast": "cast",
    ".svg": "svg",
}
"""Suffix -> the form that a file with it has."""
FORMS = tuple(dict.fromkeys(SUFFIXES.values()))
