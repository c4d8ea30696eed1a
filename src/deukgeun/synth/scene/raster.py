"""Drawing triangles off screen with VTK through exactly the pinhole of `Camera`, whole or a cut of the picture."""

from __future__ import annotations

import numpy as np
import vtk
from vtk.util.numpy_support import (
    numpy_to_vtk,
    numpy_to_vtkIdTypeArray,
    vtk_to_numpy,
)

from deukgeun.synth.scene.mesh import Array, Bytes, Faces, Floats
from deukgeun.synth.scene.view import Cut, View

NEAR_M = 0.08
FAR_M = 60.0
STEP_PX = 256
"""A window's sides are whole numbers of these: another size is another buffer, which takes time to make."""


class Canvas:
    """An off-screen window that grows as needed. Close it: VTK frees nothing by itself."""

    def __init__(self) -> None:
        vtk.vtkObject.GlobalWarningDisplayOff()  # else VTK complains that there is no X server
        self.size = STEP_PX, STEP_PX
        self.window = vtk.vtkRenderWindow()
        self.window.SetOffScreenRendering(1)
        self.window.SetMultiSamples(0)
        self.window.SetSize(*self.size)
        self.renderer = vtk.vtkRenderer()
        self.renderer.SetBackground(0, 0, 0)
        self.window.AddRenderer(self.renderer)
        self.camera = self.renderer.GetActiveCamera()
        self.camera.UseExplicitProjectionTransformMatrixOn()

    def close(self) -> None:
        """Frees the window and everything drawn in it."""
        self.renderer.RemoveAllViewProps()
        self.window.RemoveRenderer(self.renderer)
        self.window.Finalize()

    def draw(self, view: View, cut: Cut, scale: int) -> tuple[Bytes, Floats]:
        """The part ``cut`` of the picture at ``scale`` samples a pixel: colours (h, w, 3), depth buffer (h, w).

        The buffer is 1 (`FAR_M`) where nothing is; `metres` reads it. h and w are those of the cut times ``scale``.
        """
        width, height = (cut.right - cut.left) * scale, (cut.bottom - cut.top) * scale
        self._fit(width, height)
        self._aim(view, cut)
        self.renderer.SetViewport(0, 0, width / self.size[0], height / self.size[1])
        self.window.Render()
        return self._read(width, height)

    def _fit(self, width: int, height: int) -> None:
        """A large window costs time even where nothing is drawn: it is as large as needed, in steps."""
        wanted = tuple(-(-side // STEP_PX) * STEP_PX for side in (width, height))
        too_small = wanted[0] > self.size[0] or wanted[1] > self.size[1]
        if too_small or wanted[0] * wanted[1] < 0.5 * self.size[0] * self.size[1]:
            self.size = (wanted[0], wanted[1])
            self.window.SetSize(*self.size)

    def _aim(self, view: View, cut: Cut) -> None:
        position, (_, down, ahead) = view.position_m, view.rotation
        self.camera.SetPosition(*position)
        self.camera.SetFocalPoint(*(position + ahead))
        self.camera.SetViewUp(*(-down))
        matrix = vtk.vtkMatrix4x4()
        matrix.DeepCopy(_projection(view, cut).ravel())
        self.camera.SetExplicitProjectionTransformMatrix(matrix)

    def _read(self, width: int, height: int) -> tuple[Bytes, Floats]:
        colours, depths = vtk.vtkUnsignedCharArray(), vtk.vtkFloatArray()
        self.window.GetPixelData(0, 0, width - 1, height - 1, 0, colours, 0)
        self.window.GetZbufferData(0, 0, width - 1, height - 1, depths)
        picture: Bytes = vtk_to_numpy(colours).reshape(height, width, 3)
        return picture, vtk_to_numpy(depths).reshape(height, width)


def _projection(view: View, cut: Cut) -> Array:
    """The OpenGL projection (4, 4) of a cut of the pinhole's picture, `NEAR_M` to `FAR_M` deep.

    It stands on its head, so that the rows that OpenGL keeps from the bottom come out from the top.
    """
    width, height = cut.right - cut.left, cut.bottom - cut.top
    matrix = np.zeros((4, 4))
    matrix[0, 0], matrix[1, 1] = 2 * view.focal_px / width, -2 * view.focal_px / height
    matrix[0, 2] = (cut.left + cut.right - view.width) / width
    matrix[1, 2] = (cut.top + cut.bottom - view.height) / height
    matrix[2, 2] = -(FAR_M + NEAR_M) / (FAR_M - NEAR_M)
    matrix[2, 3] = -2 * FAR_M * NEAR_M / (FAR_M - NEAR_M)
    matrix[3, 2] = -1.0
    return matrix


_LOW, _SPAN = np.float32(FAR_M * NEAR_M), np.float32(FAR_M - NEAR_M)


def metres(buffer: Floats) -> Floats:
    """Distance along the optical axis for depth-buffer values (the inverse of `_projection`'s third row)."""
    out: Floats = _LOW / (np.float32(FAR_M) - buffer * _SPAN)
    return out


def buffered(depth: Floats) -> Floats:
    """Depth-buffer values for distances in metres: the inverse of `metres`."""
    out: Floats = (np.float32(FAR_M) - _LOW / depth) / _SPAN
    return out


class Surface:
    """Triangles on a canvas with a colour at every vertex; ``one_sided`` ones are not seen from within."""

    def __init__(self, canvas: Canvas, points: Floats, faces: Faces, one_sided: bool = False) -> None:
        cells = vtk.vtkCellArray()
        cells.SetData(3, numpy_to_vtkIdTypeArray(np.ascontiguousarray(faces).ravel(), deep=1))
        self.data = vtk.vtkPolyData()
        self.points = vtk.vtkPoints()
        self.data.SetPoints(self.points)
        self.data.SetPolys(cells)
        self.show(points, np.zeros((len(points), 3), np.uint8))
        mapper = vtk.vtkPolyDataMapper()
        mapper.SetInputData(self.data)
        mapper.SetColorModeToDirectScalars()
        self.actor = vtk.vtkActor()
        self.actor.SetMapper(mapper)
        self.actor.GetProperty().LightingOff()
        self.one_sided(one_sided)
        canvas.renderer.AddActor(self.actor)

    def one_sided(self, given: bool) -> None:
        """Whether it is not seen from within, which is quicker to draw."""
        self.actor.GetProperty().SetFrontfaceCulling(given)  # the picture stands on its head: fronts look like backs

    def show(self, points: Floats, colours: Bytes) -> None:
        """Put the vertices at ``points`` (N, 3) in display ``colours`` (N, 3)."""
        self.points.SetData(numpy_to_vtk(np.ascontiguousarray(points, dtype=np.float32), deep=1))
        self.points.Modified()
        self.data.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(colours), deep=1))
        self.data.Modified()

    def texture(self, image: Bytes, uv: Floats) -> None:
        """Cover it with ``image`` (h, w, 3), repeated, at texture places (N, 2); v runs upwards from the last row."""
        height, width = image.shape[:2]
        data = vtk.vtkImageData()
        data.SetDimensions(width, height, 1)
        data.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(image[::-1]).reshape(-1, 3), deep=1))
        places = numpy_to_vtk(np.ascontiguousarray(uv, dtype=np.float32), deep=1)
        places.SetName("uv")
        self.data.GetPointData().SetTCoords(places)
        texture = vtk.vtkTexture()
        texture.SetInputData(data)
        texture.InterpolateOn()
        texture.MipmapOn()
        texture.RepeatOn()
        texture.SetMaximumAnisotropicFiltering(8)
        self.actor.SetTexture(texture)
