"""Stores what was counted: the figures of published posts, and one row a day for all else.

It owns what a post reached as the influencer, the sponsor or a platform states it (each with its
source and its time, corrections kept), and the daily rollups that reports read; it refuses to count
anything that the domains below have not written down, so that `flask statistics rebuild` makes the
same rows again. It may import attribution, ad_requests, campaigns, payments and what lies below.

A map, in the order in which it is best read:
    sources            where a figure comes from (pure)
    figures_table      the CSV of figures: reading it (pure)
    models             the tables: PostFigures, Statistics
    service            stating figures and correcting them; the history of a post's figures
    figures_import     the sponsor's CSV: each line is taken or refused with a reason
    figures_template   the same table with a line for each post, to be filled in
    daily              the rows of one agreement and of one link, from what the domains wrote down
    link_figures       what links brought, for their lists and pages
    rollups            keeping the rows in step within the unit of work of what they count; rebuild
"""
