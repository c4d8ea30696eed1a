"""Contact sheets: the key moments of a motion, seen from several sides."""

from deukgeun.synth.sheet.page import Draw, page, strip
from deukgeun.synth.sheet.pick import Moments, moments
from deukgeun.synth.sheet.sticks import stick_cells
from deukgeun.synth.sheet.views import VIEWS

__all__ = ["VIEWS", "Draw", "Moments", "moments", "page", "stick_cells", "strip"]
