"""Accord: sponsors and influencers agree on campaigns, carry them out and are paid."""

from app.factory import create_app

__all__ = ["create_app"]
