"""Training and evaluation of pose and exercise models. Needs the extra ``train``."""
