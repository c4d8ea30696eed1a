"""The small virtual gym that renders the README's sample video (see `tools/render_sample.py`)."""
