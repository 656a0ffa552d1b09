"""Who brought what: tracking links, clicks, coupon codes, orders, receipts and commissions.

It owns the road from a link to the order that it brought; it refuses targets outside the verified
domains of a sponsor, and to count the same click or pay the same order twice. It may import
ad_requests, campaigns, brands, payments, identity and what lies below them.

A map of the links, in the order in which it is best read:

What there is
    lifecycle          the states of a link
    codes, click_ids   the short code of a link; the signed id that a click hands to its target
    targets            where a link may lead, and what is added on the way (pure)
    click_rules        why a click is not counted, under which version of the rules (pure)
    link_models        the tables: links, coupon codes, clicks, segments of the log
The fast path, in front of Flask
    link_table         the links in memory, and when they are read again
    click_log          one append-only log for each worker
    redirect           /r/{code}: answers, after the click was written
Behind it
    consumer           the log becomes rows, each position once; recount under new rules
    click_lag          how far it is behind
    link_health        whether targets still answer
The acts
    links, coupons     make, pause, end, list
    brand_links        those that belong to no agreement
    link_blocks        an admin's hold on a link

And of orders:

What there is
    touches            which touch an order belongs to, by the rule of its agreement (pure)
    commissions        what is due, paid once, taken back with a refund (pure)
    order_facts        what a shop says of an order; adapters/ read Shopify and WooCommerce (pure)
    order_table        the CSV of orders, line by line (pure)
    signatures         who may say that something was bought
    order_lifecycle    the states of an order
    order_models       the tables: orders, receipts, commissions, sources, rates
The road of an order
    webhooks           proven, read, taken in; order_imports does so for files
    orders             recorded once, verified
    order_changes      refunded, cancelled, reopened, edited in the shop
    crediting          the touches that led to it, and the receipt
    settling           the commission, through ad_requests.settlement
Beside it
    receipts           replays under another rule; nothing that was paid changes
    order_sources      the secrets of shops; exchange_rates what other currencies are worth
    order_lists        what the sponsor and the influencer see
"""
