"""Money: a double-entry ledger, wallets, escrow, what people see of it, and the gateways.

It refuses everything about agreements: an ad request is an opaque `reference`, a deliverable an
opaque `milestone`. It may import notifications, identity, files, audit and core.
"""
