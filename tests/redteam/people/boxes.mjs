// Boxes `{x, y, w, h}` of a page's elements.

export const inside = ({ x, y, w, h }, px, py) => px >= x && py >= y && px < x + w && py < y + h;

export const overlap = (one, other) => one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;
