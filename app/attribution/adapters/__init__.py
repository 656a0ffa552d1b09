"""What shop systems send, read as orders of ours: pure, one module a system.

Each has the names of its headers, and `read`, which takes the body as JSON and gives an OrderFact,
None where the message is of no concern to us, or UnusableOrder where it says less than we need.
"""
