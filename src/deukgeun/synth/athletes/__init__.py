"""The athletes: a bank of bodies to move, their meshes, and the clothes that make them people."""
