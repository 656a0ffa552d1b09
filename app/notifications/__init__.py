"""Telling people: the inbox, mails, preferences, and what the open page hears at once.

It refuses to decide what is worth telling; reactions do. It may import identity, files, audit and
core.
"""
