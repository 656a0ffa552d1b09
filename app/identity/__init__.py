"""Who people are: users and their sessions, sponsors and their members, influencers' profiles.

It refuses everything about agreements and money. It may import files, audit and core.
"""
