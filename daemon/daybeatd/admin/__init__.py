"""What the daemon answers to the person's tool."""
