"""The camera's picture of the athlete in the room: (720, 1280, 3) frames."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pyvista as pv  # type: ignore[import-not-found]

from . import light, room
from .outfit import Part

Array = npt.NDArray[np.float64]
Image = npt.NDArray[np.uint8]

WIDTH, HEIGHT = 1280, 720
CAMERA = {"position_m": (3.12, -2.02, 1.02), "looks_at_m": (-0.05, -0.02, 0.79), "vertical_view_deg": 39.0}


class Stage:
    """Holds the scene; `picture` draws one instant of it."""

    def __init__(self, person: Part, seed: int) -> None:
        self.person, self.rng = person, np.random.default_rng(seed)
        self.surface = light.Surface.of(person.faces, len(person.vertices))
        self.plotter = pv.Plotter(off_screen=True, window_size=(WIDTH, HEIGHT), lighting="none")
        self.plotter.enable_anti_aliasing("ssaa")
        self.plotter.set_background((0.4, 0.4, 0.4))
        self.albedo = room.floor_albedo(self.rng).astype(np.float32)
        self.props = room.props()
        self._build_props()
        self._build_walls()
        self._build_floor()
        self.mesh = pv.PolyData.from_regular_faces(person.vertices, person.faces)
        self.mesh.point_data["rgb"] = np.zeros((len(person.vertices), 3), np.uint8)
        self.plotter.add_mesh(self.mesh, scalars="rgb", rgb=True, lighting=False)
        self._aim()
        yy, xx = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
        self.vignette = (1 - 0.13 * (xx**2 + 0.6 * yy**2))[..., None].astype(np.float32)
        over = (HEIGHT + 128, WIDTH + 128)  # one field of grain; every frame takes another cut of it
        grain = self.rng.normal(0, 1.6, (*over, 1)) + self.rng.normal(0, 0.6, (*over, 3))
        self.grain = grain.astype(np.float32)

    def _aim(self) -> None:
        self.plotter.camera_position = [CAMERA["position_m"], CAMERA["looks_at_m"], (0, 0, 1)]
        self.plotter.camera.view_angle = CAMERA["vertical_view_deg"]
        self.plotter.renderer.ResetCameraClippingRange()

    def _build_props(self) -> None:
        points = np.concatenate([np.asarray(p.points, float) for p in self.props])
        areas = np.concatenate(
            [
                light.Surface.of(p.regular_faces, p.n_points).normals_and_areas(np.asarray(p.points, float))[1]
                for p in self.props
            ]
        )
        self.prop_points, self.prop_areas = points, areas
        grid = light.density(points, areas)
        for prop in self.props:
            normals = np.asarray(prop.point_data["Normals"], float)
            lit = light.shade(np.asarray(prop.points, float), normals, np.asarray(prop.point_data["albedo"]), grid)
            prop.point_data["rgb"] = light.tone(lit)
            self.plotter.add_mesh(prop, scalars="rgb", rgb=True, lighting=False)

    def _build_walls(self) -> None:
        x, y = room.WALL_X_M, room.WALL_Y_M
        walls = ((room.wall_image(self.rng, 6.0), (x, y - 6)), (room.wall_image(self.rng, 7.0, "DEUKGEUN"), (x + 7, y)))
        for image, (far_x, far_y) in walls:  # both start at the room's corner (x, y)
            top = room.WALL_HEIGHT_M
            corners = np.array([(x, y, 0), (far_x, far_y, 0), (far_x, far_y, top), (x, y, top)])
            mesh = pv.PolyData(corners, faces=[4, 0, 1, 2, 3])
            mesh.active_texture_coordinates = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
            self.plotter.add_mesh(mesh, texture=pv.Texture(light.tone(image)), lighting=False)

    def _build_floor(self) -> None:
        low, size = room.FLOOR_LOW, room.FLOOR_SIZE_M
        mesh = pv.Plane(center=(*(low + size / 2), 0), i_size=size, j_size=size, i_resolution=1, j_resolution=1)
        uv = (np.asarray(mesh.points)[:, :2] - low) / size
        mesh.active_texture_coordinates = uv.astype(np.float32)
        self.floor_texture = pv.Texture(np.zeros((*self.albedo.shape[:2], 3), np.uint8))
        self.floor_texture.interpolate = True
        self.floor_texture.mipmap = True
        self.plotter.add_mesh(mesh, texture=self.floor_texture, lighting=False)

    def _light_floor(self, points: Array, areas: Array) -> None:
        n = round(room.FLOOR_SIZE_M / light.FLOOR_CELL_M)
        lit = light.floor_light(points, areas, room.FLOOR_LOW, (n, n)).astype(np.float32)
        full = cv2.resize(lit, self.albedo.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        image = light.tone(self.albedo * full)[::-1]
        self.floor_texture.SetInputDataObject(pv.Texture(np.ascontiguousarray(image)).GetInput())

    def picture(self, points: Array) -> Image:
        """The frame with the person's vertices at `points` (N, 3)."""
        normals, areas = self.surface.normals_and_areas(points)
        solid, weight = np.concatenate([points, self.prop_points]), np.concatenate([areas, self.prop_areas])
        grid = light.density(solid, weight)
        self.mesh.points = points.astype(np.float32)
        self.mesh.point_data["rgb"] = light.tone(light.shade(points, normals, self.person.albedo, grid))
        self._light_floor(solid, weight)
        self.plotter.render()  # without it a screenshot returns the frame before
        shot = np.asarray(self.plotter.screenshot(None, return_img=True))[..., :3]
        return self._lens(shot)

    def _lens(self, shot: Image) -> Image:
        """A phone's softness, vignette and grain."""
        soft = cv2.GaussianBlur(shot, (0, 0), 0.6).astype(np.float32) * self.vignette
        shift = self.rng.integers(0, 128, 2)
        grain = self.grain[shift[0] : shift[0] + HEIGHT, shift[1] : shift[1] + WIDTH]
        picture: Image = np.clip(soft + grain, 0, 255).astype(np.uint8)
        return picture
