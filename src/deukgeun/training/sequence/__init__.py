"""Classifiers of sequences: numbers of a body over time in, the name of what it does out."""
