"""The truth of a clip as values and as JSON: sets, repetitions, people, equipment, camera and keypoints."""

from deukgeun.synth.truth.camera import camera_of, camera_truth
from deukgeun.synth.truth.files import from_json, read_truth, to_json, truth_schema, write_truth
from deukgeun.synth.truth.keypoints import keypoints_truth
from deukgeun.synth.truth.values import (
    SCHEMA_VERSION,
    UNKNOWN,
    ActivityTruth,
    CameraTruth,
    ClipTruth,
    GeneratorTruth,
    ItemTruth,
    JointSet,
    KeypointsTruth,
    PersonTruth,
    RepetitionTruth,
    Role,
    SetTruth,
    Side,
)

__all__ = [
    "SCHEMA_VERSION",
    "UNKNOWN",
    "ActivityTruth",
    "CameraTruth",
    "ClipTruth",
    "GeneratorTruth",
    "ItemTruth",
    "JointSet",
    "KeypointsTruth",
    "PersonTruth",
    "RepetitionTruth",
    "Role",
    "SetTruth",
    "Side",
    "camera_of",
    "camera_truth",
    "from_json",
    "keypoints_truth",
    "read_truth",
    "to_json",
    "truth_schema",
    "write_truth",
]
