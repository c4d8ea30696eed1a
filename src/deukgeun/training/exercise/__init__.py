"""The network that names a movement: its material, how that is varied, its training and what is kept of it."""
