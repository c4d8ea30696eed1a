"""Pose: pictures in, a PoseTrack for each person out."""

from __future__ import annotations

from deukgeun.pose.estimator import PoseEstimate, PoseEstimator, estimate
from deukgeun.pose.people import PersonPose
from deukgeun.pose.registry import estimator, register
from deukgeun.pose.subject import main_subject
from deukgeun.pose.track import PoseTrack
from deukgeun.pose.tracker import PoseTracker, track

__all__ = [
    "PersonPose",
    "PoseEstimate",
    "PoseEstimator",
    "PoseTrack",
    "PoseTracker",
    "estimate",
    "estimator",
    "main_subject",
    "register",
    "track",
]
