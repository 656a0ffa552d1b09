"""Campaigns: the brief that a sponsor writes, its lifecycle, and the budget that it commits.

It owns campaigns with phases, niches and wanted deliverables, and the counters of money and
agreements; it refuses to know ad requests, which move those counters. It may import brands and
what lies below.
"""
