"""Order: flags with evidence, their effects, decisions, appeals, and who waits for approval.

It refuses to judge by itself: a rule may raise a flag, an admin decides. It puts effects into
force through identity and campaigns, and may import every domain below it.
"""
