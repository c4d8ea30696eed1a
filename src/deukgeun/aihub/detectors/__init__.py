"""Where the people are in a picture: several detectors behind one interface.

``detector("blazepose")``, ``detector("yolov3:FILE.weights")``, ``detector("transformers:FOLDER")``; then
``choose_person`` says which of the people is the athlete, and ``athletes`` goes through a collection of pictures.
"""

from deukgeun.aihub.detectors.choose import choose_person, prominence
from deukgeun.aihub.detectors.people import People, PersonDetector
from deukgeun.aihub.detectors.registry import detector
from deukgeun.aihub.detectors.search import Athlete, Tally, athletes

__all__ = [
    "Athlete",
    "People",
    "PersonDetector",
    "Tally",
    "athletes",
    "choose_person",
    "detector",
    "prominence",
]
