"""Strokes by packages from which the behaviour model learns nothing, for `cargo xtask bench --strangers DIR`.

    pip install humancursor==1.1.5 oxymouse==1.1.0 pyHM==0.0.7 human-mouse==0.1.2
    python3 strangers.py DIR

The packages lay out the paths; instead of a screen, this file takes what they would send, at times as their code waits, and keeps
the last position of each frame, as a page sees it. One file a package, in the format of the recorded strokes (docs/model-card.md).
"""

import gzip
import json
import math
import random
import sys
import types
from pathlib import Path

STROKES = 1_200
SCREEN = (1920, 1080)
# A loop of pyHM and human-mouse that does nothing, and a position by the X server, in milliseconds.
IDLE_ROUND_MS = 22e-6
SEND_MS = 0.05


class Screen:
    """Stands for pyautogui: knows where the pointer is, and takes down where it is sent."""

    def __init__(self):
        self.at, self.sent, self.waits = (0, 0), [], []

    def module(self):
        pyautogui = types.ModuleType("pyautogui")
        pyautogui.position = lambda: self.at
        pyautogui.size = lambda: SCREEN
        pyautogui.moveTo = lambda point, *_: self.sent.append(point)
        pyautogui.platformModule = types.SimpleNamespace(_moveTo=lambda x, y: self.sent.append((x, y)))
        return pyautogui

    def start(self, at):
        self.at = tuple(at)
        self.sent.clear()
        self.waits.clear()


def evenly(points, duration):
    return [(duration * i / len(points), x, y) for i, (x, y) in enumerate(points)]


def generators(screen):
    sys.modules["pyautogui"] = screen.module()
    import human_mouse.mouse
    import numpy
    import pyHM.mouse
    from humancursor.system_cursor import SystemCursor
    from oxymouse.algorithms.bezier_mouse.bezier_mouse import BezierMouse
    from oxymouse.algorithms.gaussian_mouse.gaussian_mouse import GaussianMouse
    from scipy import interpolate

    parts = dict(interpolate=interpolate, pyautogui=sys.modules["pyautogui"], numpy=numpy, random=random)
    pyhm = type(pyHM.mouse)(parts)
    pyhm.wait = screen.waits.append
    human_mouse.mouse.create_delay = screen.waits.append
    controller = human_mouse.mouse.MouseController()

    def idling(move, slowest_ms):
        def stroke(start, to):
            screen.start(start)
            move(*to)
            step = min(screen.waits[0] * IDLE_ROUND_MS + SEND_MS, slowest_ms)
            return [(i * step, *point) for i, point in enumerate(screen.sent)]

        return stroke

    def humancursor(start, to):
        screen.start(start)
        SystemCursor.move_to(tuple(to))
        return evenly(list(screen.sent), random.uniform(500, 2_000))

    return {
        "humancursor": humancursor,
        "humanmouse": idling(controller.move, 3.0),
        "oxybezier": lambda start, to: evenly(BezierMouse.generate_coordinates(*start, *to), 1_000),
        "oxygauss": lambda start, to: evenly(GaussianMouse.generate_coordinates(*start, *to), 1_000),
        "pyhm": idling(pyhm.move, math.inf),
    }


def seen(stroke, frame):
    """The last position of every frame, without those where nothing moved: whole milliseconds and pixels."""
    phase, last = random.random() * frame, {}
    for t, x, y in stroke:
        last[math.ceil((t - phase) / frame) * frame + phase] = (round(x), round(y))
    start, out = min(last), []
    for t, (x, y) in sorted(last.items()):
        if not out or out[-1][1:3] != [x, y]:
            out.append([round(t - start), x, y, "m"])
    return out


def target(start):
    while True:
        to = [random.randint(60, 1_800), random.randint(60, 900)]
        if math.dist(start, to) >= 80:
            return to


def write(name, generate, folder):
    with gzip.open(folder / f"{name}.jsonl.gz", "wt") as file:
        for i in range(STROKES):
            if i % 12 == 0:
                frame = random.choice([16.67, 16.67, 8, 10, 6.94])
                at = [random.randint(50, 1_800), random.randint(50, 950)]
            to = target(at)
            events = seen(generate(at, to), frame)
            press = events[-1][0] + random.randint(40, 200)
            events += [[press, *to, "d"], [press + random.randint(50, 120), *to, "u"]]
            of = dict(src=name, user=f"bot:{name}", session=f"{name}-{i}", device="mouse", label="bot", bot=name)
            file.write(json.dumps({**of, "events": events}) + "\n")
            at = to


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    random.seed(7)
    screen = Screen()
    generators_by_name = generators(screen)
    import numpy

    numpy.random.seed(7)
    for name, generate in generators_by_name.items():
        write(name, generate, folder)


main()
