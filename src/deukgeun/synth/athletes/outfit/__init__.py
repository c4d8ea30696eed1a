"""Clothes, hair, faces and skin: a body becomes one coloured surface."""
