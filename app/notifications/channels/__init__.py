"""The ways out: each sends one message and says whether that worked."""
