"""Campaigns: the brief that a sponsor writes, its lifecycle, and the budget that it commits.

It owns campaigns with phases, niches and wanted deliverables, and the counters of money and
agreements; it refuses to know ad requests, which move those counters. It may import brands and
what lies below.

Beside the files that every domain has: `terms` and `brief` say what a brief is, `lookups` gets the
row that an actor may see, `service` writes briefs, `moves` takes a campaign along its lifecycle,
`budget` keeps the counters, `actions` and `shown` say what one reader may do and see, `directory`
holds the lists, `inputs` what comes in.
"""
