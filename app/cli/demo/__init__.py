"""The demo: a lively small world to try the platform in, made through the services.

`people` and `plans` say who lives there and what happens, `stories` tells it, `world` makes it.
"""
