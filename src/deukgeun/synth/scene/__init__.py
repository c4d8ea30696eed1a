"""How the virtual gym looks: meshes of equipment, rooms, light, the drawing of a frame and a phone's picture of it.

    free = Volume(low, high)                       # the athletes and what they move, with some air (layout)
    kind = random_kind(rng)
    room = random_room(kind, free, camera, rng, occluder=0.15)
    light = random_light(rng, kind == "outdoors")
    photo = Photo(random_lens(rng), camera.width, camera.height, rng)
    with Stage(camera, room, light, [Skin(faces, albedo, occlusion)], items, rng) as stage:
        for frame in range(frames):
            picture = stage.picture(frame, [vertices])              # vertices (V, 3) of each person
            image = photo.take(picture.rgb)
            seen = visible(picture.depth[None], xy, depth, slacks(joints))
        boxes = [stage.boxes(item) for item in range(len(items))]   # (T, 4) each

Only `stage`, `drawing`, `plate` and `raster` need VTK; everything else is numpy and OpenCV.
"""
