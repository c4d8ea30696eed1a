"""From a camera to its truth and back."""

from __future__ import annotations

from deukgeun.synth.camera import Camera
from deukgeun.synth.truth.values import CameraTruth, ClipTruth


def camera_truth(camera: Camera) -> CameraTruth:
    """Return what the truth says of a camera."""
    return CameraTruth(camera.focal_px, camera.position_m, camera.rotation, camera.view)


def camera_of(truth: ClipTruth) -> Camera:
    """Return the camera that made a clip."""
    seen = truth.camera
    return Camera(truth.width, truth.height, seen.focal_px, seen.position_m, seen.rotation, seen.view)
