"""What influencers may ask for."""
