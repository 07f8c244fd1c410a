"""All drawing and typing; import the file you need, they weigh differently.

`screen` draws, `keyboard` and `piped` read, `jsonlines` prints for programs. All words that are
not the program's own pass `console.words` before they are drawn.
"""
