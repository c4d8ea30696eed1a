"""The student project's classifier again: 32 pictures x 24 joints in, exercise and view out, and what beats it."""
