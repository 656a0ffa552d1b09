"""Telling people: the inbox, mails, preferences, and what the open page hears at once.

It refuses to decide what is worth telling; reactions do. It may import identity, files, audit and
core.

What is told, from the fact to the reader:

kinds, words            what there is to tell and how; the words, in the reader's language
service                 into the inbox, and by mail where that is wanted
letters, news, mailing  mails, those with a signed link, and sending them through channels/
live, streams, places   open pages hear it at once
pages, work             where it leads; how far long work has come
"""
