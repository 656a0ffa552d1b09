"""Shows: summaries, reports, exports, and the proofs that look at agreements and money at once.

It refuses to change anything but what it shows. It may import every domain below it.
"""
