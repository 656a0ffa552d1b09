"""Telling people: the inbox, mails, preferences, and what the open page hears at once.

It refuses to decide what is worth telling; reactions do. It may import identity, files, audit and
core.

What is told, from the fact to the reader: `kinds` (what there is to tell, and how) · `words` (in
whose language) · `service` (into the inbox, and by mail where wanted) · `letters` and `news` (mails,
plain and with a signed link) · `mailing` (sending them) · `channels` (by what) · `live`, `streams`
and `places` (open pages hear it at once) · `pages` (where it leads) · `work` (progress of long work).
"""
