"""Order: flags with evidence, their effects, decisions, appeals, and who waits for approval.

It refuses to judge by itself: a rule may raise a flag, an admin decides. It puts effects into
force through identity and campaigns, and may import every domain below it.

Beside the files that every domain has: `terms` adds up effects, `subjects` says what can be
flagged, `approvals` is the admins' queue, `documents` what is told of it, `closing` ends an
account, `settings` changes the figures of the running platform.
"""
