"""Gateways: where money comes in and goes out. One interface, one module a gateway.

Calls to a gateway may use the network, so they happen outside every unit of work.
"""
