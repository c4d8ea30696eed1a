"""The virtual gym: athletes, motions, equipment, cameras and light, with exact truth."""
