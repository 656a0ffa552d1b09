"""Shows: summaries, reports, dashboards, exports, and the proofs that look at agreements and money
at once.

It refuses to change anything but what it shows and how. It may import every domain below it.

A map of its dashboards, in the order in which it is best read:
    dashboard_fields   the fields, and what follows from their sums (pure)
    dashboard_parts    what each dimension is in the daily rows
    dashboard_figures  the rows of a panel, in one statement
    dashboard_points   what lies behind a point: links, agreements, orders
    dashboard_models   the tables: Dashboard, DashboardPanel, DashboardShare
    dashboards         making, changing, copying and deleting them
    dashboard_shares   links by which anyone may read one
    dashboard_previews what the builder asks before anything is kept
"""
