"""Agreements: ad requests with their offers, deliverables, submissions, messages and disputes.

This package owns the road from the first proposal to the last released amount, and the deadlines
on it; it refuses every step that the state, the turn or the current offer does not allow. Money
moves only through payments, budgets only through campaigns; it may import what lies below it.
"""
