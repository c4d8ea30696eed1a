"""Drawing a room's panels and furniture on a canvas, lit by vertex."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deukgeun.synth.scene.floor import FloorMap
from deukgeun.synth.scene.light import EXPOSURE, GAMMA, Light, display, lit, mirrored
from deukgeun.synth.scene.mesh import Array, Bytes, Floats, Mesh, joined, vertex_areas
from deukgeun.synth.scene.raster import Canvas, Surface
from deukgeun.synth.scene.room import Panel, Room

HEADROOM = 1.5
"""Panels are textures times light by vertex, both in eight bits; the light may reach this much before it clips."""


def draw_room(canvas: Canvas, room: Room, light: Light, fixed: Sequence[Mesh], floor: FloorMap, eye: Array) -> None:
    """Puts everything that stands still on ``canvas``, for an ``eye`` (3,): panels, furniture, ``fixed`` equipment."""
    solid = [*([room.furniture] if room.furniture is not None else []), *fixed]
    shadow = _contact(solid, floor)
    for panel in room.panels:
        points, uv, faces = panel.grid()
        strength = _panel_light(room, light, panel, points, floor, shadow)
        surface = Surface(canvas, points, faces, one_sided=True)
        surface.show(points, _coded(strength / HEADROOM))
        surface.texture(_coded(panel.texture.albedo * np.float32(EXPOSURE * HEADROOM)), uv)
    if solid:
        _draw_mesh(canvas, room, light, joined(solid), eye)
    canvas.renderer.SetBackground(*(display(room.background.astype(np.float32)[None])[0] / 255))


def _contact(solid: Sequence[Mesh], floor: FloorMap) -> Floats | None:
    if not solid:
        return None
    mesh = joined(solid)
    return floor.contact(mesh.points, vertex_areas(mesh.points, mesh.faces))


def _panel_light(
    room: Room, light: Light, panel: Panel, points: Floats, floor: FloorMap, shadow: Floats | None
) -> Floats:
    """Linear light (N, 3) at the ``points`` of a panel, for an albedo of one."""
    if panel.glows:
        return np.ones_like(points)
    normals = np.broadcast_to(panel.normal.astype(np.float32), points.shape)
    sky = room.open_to(points, panel.normal)
    if shadow is not None and panel.normal[2] > 0.9:
        sky = sky * floor.sample(shadow, points)
    strength = lit(light, normals, np.ones_like(points), sky, 0.35 + 0.65 * sky)
    return strength * room.fading(points)[:, None]


def _draw_mesh(canvas: Canvas, room: Room, light: Light, mesh: Mesh, eye: Array) -> None:
    sky = room.open_to(mesh.points, None)
    sky = sky * (0.55 + 0.45 * np.clip(mesh.points[:, 2] / 0.35 + np.clip(mesh.normals[:, 2], 0, 1), 0, 1))
    colours = lit(light, mesh.normals, mesh.albedo, sky, 0.3 + 0.7 * sky) * room.fading(mesh.points)[:, None]
    if mesh.gloss.any():
        colours = colours + mirrored(light, mesh.points, mesh.normals, mesh.gloss, eye)
    Surface(canvas, mesh.points, mesh.faces).show(mesh.points, display(colours))


def _coded(linear: Floats) -> Bytes:
    """Linear values as bytes of gamma 2.2, so that the renderer's product of two is the code of their product."""
    coded: Bytes = np.round(255 * np.clip(linear, 0, 1) ** (1 / GAMMA)).astype(np.uint8)
    return coded
