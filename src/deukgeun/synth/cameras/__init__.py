"""Where the lens is: random phones around an athlete, the five cameras of AI Hub, and what a viewpoint is called."""

from deukgeun.synth.cameras.aihub import LAYOUTS, LETTERS, aihub_cameras
from deukgeun.synth.cameras.phone import breadth, hidden_share, phone_camera, shoot
from deukgeun.synth.cameras.shot import PhoneSettings, Shot, draw_shot, phone_settings
from deukgeun.synth.cameras.view import view_name, view_of

__all__ = [
    "LAYOUTS",
    "LETTERS",
    "PhoneSettings",
    "Shot",
    "aihub_cameras",
    "breadth",
    "draw_shot",
    "hidden_share",
    "phone_camera",
    "phone_settings",
    "shoot",
    "view_name",
    "view_of",
]
