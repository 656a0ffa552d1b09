"""Brands and products of sponsors, with the terms by which texts are recognised as about them.

It owns brands, products, their aliases, keywords and exclusions, and the domains on which sponsors
sell; it refuses to look at texts or campaigns. It may import identity and what lies below.
"""
