"""Agreements: ad requests with their offers, deliverables, submissions, messages and disputes.

This package owns the road from the first proposal to the last released amount, and the deadlines
on it; it refuses every step that the state, the turn or the current offer does not allow. Money
moves only through payments, budgets only through campaigns; it may import what lies below it.

A map, in the order in which it is best read (the import contract "ad_requests" holds that each
part knows only those under it in `pyproject.toml`):

What there is
    lifecycle          the states of an ad request and of a deliverable, and who may move them
    terms              an offer's terms: completed, hashed, compared, split (pure)
    figures, timing    how long everything takes; the deadline that comes with each state
    models/            the tables: agreements, deliverables, exchange (messages, ratings); ddl
    events, errors     the facts that others hear, the refusals that a caller sees
Who may do what
    queries, ownership the row that the actor may see or lock, or NotFound
    parties            whether the people behind it may act at all
    conditions         what of the brief holds: kept at the acceptance, the campaign's before
    turns, clearance   whose turn it is; whether a draft still waits for an admin
The acts, along the road
    proposals          invitation, application, assignment; offers stores each revision
    negotiation        counter, accept, reject, withdraw, extend, expire
    delivery           submit, review, publish, confirm; content_approvals before, live_check after
    settlement         the money, in step with the states
    cancellation, disputes, ratings, messages
    deadlines          the way out of every state that nobody leaves
    campaign_changes   what a change of the campaign does to open proposals
    progress, facts    after each act: what lists filter by, and the event for the others
What is shown
    documents          one ad request as one side sees it, with its records; shapes are their parts
    listing, turn_list, calendar, applicants, conversations, dispute_cases      the lists
    inputs; document_schemas, schemas (lists), exchange_schemas       the wire, in and out
The doors
    service            what other domains and the surfaces call to change something
    tasks              the jobs, one line over service each
"""
