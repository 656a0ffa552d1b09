"""Who people are: users and their sessions, sponsors and their members, influencers' profiles.

It refuses everything about agreements and money. It may import files, audit and core.

Beside the files that every domain has:

Signing in      sessions, passwords, second_factor, api_keys, links (what mails lead to)
One's own       account (address, password), profiles, saved_views
Teams           team, people (whom to tell)
The directory   directory over directory_statements and aside (how it stays fast), reach, ratings
Shown           shown, with the wire in schemas, profile_schemas, directory_schemas
Imported        account_import (profiles that nobody has registered)
"""
