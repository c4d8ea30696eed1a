"""How the virtual gym looks: meshes of equipment, rooms, light, the drawing of a frame and a phone's picture of it."""
