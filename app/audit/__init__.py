"""The append-only trail of admin actions, money movements and permission changes.

It refuses changes and personal data: entries carry ids. It imports core alone.
"""
