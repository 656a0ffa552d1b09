"""What members of a sponsor may ask for."""
