"""Tracks without pictures: what the pose estimator would have seen of an act, and what there was to see."""
