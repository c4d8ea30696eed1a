"""Joint sets (AI Hub 24, BlazePose 33, COCO 17, Halpe 26) as data, and the maps between them."""

from deukgeun.skeleton.maps import SkeletonMap, Variant, common_joints, joint_map, map_joints
from deukgeun.skeleton.sets import Skeleton, skeleton, skeleton_names

__all__ = [
    "Skeleton",
    "SkeletonMap",
    "Variant",
    "common_joints",
    "joint_map",
    "map_joints",
    "skeleton",
    "skeleton_names",
]
