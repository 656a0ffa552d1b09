"""Stored files: uploads of known kinds behind an fsspec URL, each hanging on one thing.

It refuses to know what a file hangs on: whoever may read that thing may read the file, and higher
domains say who that is by registering a reader. It may import audit and core.
"""
