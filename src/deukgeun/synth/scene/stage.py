"""The stage: people and things in a lit room, drawn frame by frame with depth.

The room hardly changes, so it is drawn once a camera pose (`plate`); people and things are drawn every frame in the
smallest part of the picture that holds them, at two samples a pixel and side, and laid over it by depth. Their light
and shadows are worked out by vertex (`light`) and on the floor (`floor`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from deukgeun.synth.camera import NEAR_M, Camera
from deukgeun.synth.items import Item
from deukgeun.synth.scene import floor, raster
from deukgeun.synth.scene.drawing import draw_room
from deukgeun.synth.scene.light import Light, Shade, display, lit, mirrored
from deukgeun.synth.scene.mesh import Array, Bytes, Floats, Mesh, vertex_areas
from deukgeun.synth.scene.moment import between
from deukgeun.synth.scene.people import Bodies, Skin
from deukgeun.synth.scene.photo import blended
from deukgeun.synth.scene.plate import Plate, coarse_depth, make_plate
from deukgeun.synth.scene.room import Room
from deukgeun.synth.scene.things import FURNITURE, boxes, item_things
from deukgeun.synth.scene.view import Cut, View

SAMPLES = 2
"""Samples a pixel, across and down."""
FINE_PX = 1_200_000
"""Pictures of more pixels than this get one sample a pixel for what moves: their pixels are small enough."""
FLOOR_BIAS_M = 0.04
BODY_BIAS_M = 0.11
"""How far before a point the shade may begin to count: less, and bodies shade their own lit side."""


@dataclass(frozen=True, slots=True)
class Picture:
    """``rgb`` (H, W, 3) uint8 and ``depth`` (H, W) float32.

    Depth is metres along the optical axis to what each pixel shows, `raster.FAR_M` where it shows nothing.
    """

    rgb: Bytes
    depth: Floats


@dataclass(frozen=True, slots=True)
class Back:
    """The room with the shadows on its floor, as seen from ``view``."""

    view: View
    rgb: Bytes
    depth: Floats


@dataclass(frozen=True, slots=True)
class Lit:
    """Everything that moves: points (N, 3), display colours (N, 3), areas (N,)."""

    points: Floats
    colours: Bytes
    areas: Floats


class Stage:
    """Draws one scene; use it in a ``with`` block, or close it.

    ``people`` are the surfaces whose vertices each `picture` places; ``items`` move by themselves. ``rng`` chooses
    their colours; `boxes` tells where they are seen. ``samples`` a pixel, across and down, for what moves: by
    itself 2, and 1 above 1.2 megapixels.
    """

    def __init__(
        self,
        camera: Camera,
        where: Room,
        light: Light,
        people: Sequence[Skin],
        items: Sequence[Item],
        rng: np.random.Generator,
        samples: int | None = None,
    ) -> None:
        self.samples = samples or (SAMPLES if camera.width * camera.height <= FINE_PX else 1)
        self.camera, self.light, self.middle = camera, light, where.middle
        self.bodies = Bodies(tuple(people))
        self.item_things = [item_things(item, rng) for item in items]
        things = [thing for parts in self.item_things for thing in parts]
        fixed = [thing for thing in things if thing.still and thing.kind in FURNITURE]
        self.things = [thing for thing in things if not (thing.still and thing.kind in FURNITURE)]
        self._resting = [thing.at(0) if thing.still else None for thing in self.things]
        self.fixed = [thing.at(0) for thing in fixed]
        self._areas = [vertex_areas(thing.at(0).points, thing.mesh.faces) for thing in self.things]
        self.floor = floor.FloorMap.about(self.middle)
        self._open_canvases(where)
        self._plate: Plate | None = None

    def _open_canvases(self, where: Room) -> None:
        self._back = raster.Canvas()
        draw_room(self._back, where, self.light, self.fixed, self.floor, self.camera.position_m[0])
        self._front = raster.Canvas()
        meshes = [thing.at(0) for thing in self.things]
        starts = np.cumsum([self.bodies.count, *(len(mesh.points) for mesh in meshes)])
        faces = [self.bodies.faces, *(m.faces + s for m, s in zip(meshes, starts[:-1], strict=True))]
        nothing = np.zeros((int(starts[-1]), 3), np.float32)
        self._surface = raster.Surface(self._front, nothing, np.concatenate(faces), one_sided=True)
        self._surface.show(nothing, nothing.astype(np.uint8))

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Frees what VTK holds."""
        self._front.close()
        self._back.close()

    def boxes(self, item: int) -> Array:
        """The picture's boxes (T, 4) of the item given as number ``item`` (see `things.boxes`)."""
        return boxes(self.item_things[item], self.camera)

    def view(self, frame: float) -> View:
        """The camera at ``frame``."""
        camera = self.camera
        place, turn = between(camera.position_m, frame), between(camera.rotation, frame)
        return View(place, turn, camera.focal_px, camera.width, camera.height)

    def picture(self, frame: int, people: Sequence[npt.NDArray[np.floating]]) -> Picture:
        """What the camera sees at ``frame``, with the people's vertices at ``people``, (V, 3) each, in metres."""
        return self.exposed([(frame, people)])

    def exposed(self, moments: Sequence[tuple[float, Sequence[npt.NDArray[np.floating]]]]) -> Picture:
        """One picture whose shutter is open over several ``moments`` (frame, people): motion blur.

        The depth, the light and the shadows are those of the middle moment; frames may lie between pictures.
        """
        middle = len(moments) // 2
        frame, people = moments[middle]
        if not self.bodies.count and not self.things:
            rgb, _, depth = self._room(self.view(frame))
            return Picture(rgb, depth)
        shown = self._lit(frame, people, self.view(frame).position_m)
        backs = [self._back_at(self.view(frame), shown)]
        sharp = self._over(backs[0], shown, self.samples)
        drawn = [sharp.rgb]
        for frame, people in (*moments[:middle], *moments[middle + 1 :]):
            view = self.view(frame)
            back = next((one for one in backs if one.view.close_to(view)), None)
            if back is None:
                back = self._back_at(view, shown)
                backs.append(back)
            # What is blurred needs no second sample.
            drawn.append(self._over(back, replace(shown, points=self._placed(frame, people)), 1).rgb)
        return Picture(blended(drawn), sharp.depth)

    def _back_at(self, view: View, shown: Lit) -> Back:
        rgb, on_floor, depth = self._room(view)
        self._darken(rgb, on_floor, view, shown.points, shown.areas)
        return Back(view, rgb, depth)

    def _over(self, back: Back, shown: Lit, samples: int) -> Picture:
        """What moves before the room, seen from the same place."""
        rgb, depth = back.rgb.copy(), back.depth.copy()
        cut = _extent(shown.points, back.view)
        if cut is not None:
            # Who lies with the feet to the lens is seen up the hem of a shirt: its inside must be there.
            self._surface.one_sided(self.bodies.all_upright(shown.points))
            self._surface.show(shown.points, shown.colours)
            _lay_over(rgb, depth, cut, *self._front.draw(back.view, cut, samples))
        return Picture(rgb, depth)

    def _placed(self, frame: float, people: Sequence[npt.NDArray[np.floating]]) -> Floats:
        """The points (N, 3) of everything that moves, as `_lit` orders them."""
        body = np.concatenate([np.zeros((0, 3)), *people])
        meshes = (rest or thing.at(frame) for rest, thing in zip(self._resting, self.things, strict=True))
        return np.concatenate([body, *(mesh.points for mesh in meshes)]).astype(np.float32)

    def _room(self, view: View) -> tuple[Bytes, Bytes, Floats]:
        if self._plate is None or not self._plate.serves(view):
            self._plate = make_plate(self._back, view, SAMPLES, len(self.camera.position_m) > 1)
        return self._plate.seen(view)

    def _lit(self, frame: float, people: Sequence[npt.NDArray[np.floating]], eye: Array) -> Lit:
        body = np.concatenate([np.zeros((0, 3)), *people]).astype(np.float32)
        normals, areas = self.bodies.normals_and_areas(body)
        meshes = [rest or thing.at(frame) for rest, thing in zip(self._resting, self.things, strict=True)]
        points = np.concatenate([body, *(mesh.points for mesh in meshes)])
        areas = np.concatenate([areas, *self._areas])
        self._shade = Shade.of(self.light, points, areas, self.middle)
        key = self._shade.reaching(points, BODY_BIAS_M)
        sky = self.bodies.occlusion * _near_floor(body, normals) * (0.7 + 0.3 * key[: len(body)])
        colours = [lit(self.light, normals, self.bodies.albedo, sky, key[: len(body)])]
        start = len(body)
        for mesh in meshes:
            end = start + len(mesh.points)
            colours.append(_lit_thing(self.light, mesh, key[start:end], eye))
            start = end
        return Lit(points, display(np.concatenate(colours)), areas)

    def _darken(self, rgb: Bytes, on_floor: Bytes, view: View, points: Floats, areas: Floats) -> None:
        """Lays the shadows of everything that moves on the floor of the picture."""
        part = self.floor.part(points, self.light.key)
        cut = None if part is None else _extent(part.corners, view)
        if part is None or cut is None:
            return
        open_to = part.contact(points, areas)
        share = self._shade.reaching(part.cells(), FLOOR_BIAS_M).reshape(open_to.shape)
        seen = part.over(part.dimming(self.light, open_to, share), view, cut)
        there = rgb[cut.slices]
        cv2.copyTo(cv2.multiply(there, seen, scale=1 / 255), on_floor[cut.slices], there)


def _near_floor(points: Floats, normals: Floats) -> Floats:
    """The share of the light from around that is left to points (N, 3) close above the floor and facing it."""
    facing = np.clip(-normals[:, 2], 0, 1)
    near: Floats = 1 - 0.75 * facing * np.exp(-np.clip(points[:, 2], 0, None) / np.float32(0.3))
    return near


def _lit_thing(light: Light, mesh: Mesh, key: Floats, eye: Array) -> Floats:
    # What keeps the key lamp away keeps some of the sky away too: cheap, and enough for a bench under a back.
    sky = _near_floor(mesh.points, mesh.normals) * (0.5 + 0.5 * key)
    colours = lit(light, mesh.normals, mesh.albedo, sky, key)
    if mesh.gloss.any():
        colours = colours + mirrored(light, mesh.points, mesh.normals, mesh.gloss, eye)
    return colours


def _extent(points: Floats, view: View) -> Cut | None:
    """The part of the picture that holds points (N, 3), a little wider; None when they are out of sight."""
    turn = view.rotation.astype(np.float32)
    x, y, z = turn @ points.T - (turn @ view.position_m.astype(np.float32))[:, None]
    ahead = z > NEAR_M
    if not ahead.all():  # something reaches behind the lens: its edges may be anywhere
        return Cut(0, 0, view.width, view.height) if ahead.any() else None
    across, down = view.focal_px * x / z + view.width / 2, view.focal_px * y / z + view.height / 2
    left, top = max(int(across.min()) - 2, 0), max(int(down.min()) - 2, 0)
    right, bottom = min(int(across.max()) + 3, view.width), min(int(down.max()) + 3, view.height)
    return Cut(left, top, right, bottom) if left < right and top < bottom else None


def _lay_over(rgb: Bytes, depth: Floats, cut: Cut, fine: Bytes, buffer: Floats) -> None:
    """Puts what was drawn at some samples a pixel before the picture wherever it is nearer."""
    back = depth[cut.slices]
    size, samples = back.shape[::-1], buffer.shape[0] // back.shape[0]
    fine_back = cv2.resize(raster.buffered(back), None, fx=samples, fy=samples, interpolation=cv2.INTER_NEAREST)
    nearer = cv2.compare(buffer, fine_back, cv2.CMP_LT)
    front = cv2.resize(cv2.copyTo(fine, nearer), size, interpolation=cv2.INTER_AREA)
    share = cv2.resize(nearer, size, interpolation=cv2.INTER_AREA)
    behind = cv2.multiply(rgb[cut.slices], cv2.bitwise_not(cv2.merge([share] * 3)), scale=1 / 255)
    rgb[cut.slices] = cv2.add(behind, front)
    np.minimum(back, raster.metres(coarse_depth(buffer, samples)), out=back)
