"""What admins may ask for."""
