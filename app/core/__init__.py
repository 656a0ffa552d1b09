"""What every domain stands on: database, transactions, transitions, jobs, errors, money, time.

It refuses to know any domain: it holds ids of actors and subjects as plain text, without foreign
keys. It imports nothing of ours.
"""
