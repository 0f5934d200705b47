"""What the Python tools share: the settings of the run, motions, and filling in the form.

A tool gives `Hands`: methods may be coroutines or not. `click`, `type` and `script` are the tool's own verbs; `box`,
`move`, `down`, `up`, `key_down` and `key_up` are what a humanised variant is made of.
"""

import asyncio
import inspect
import json
import math
import random
import sys
import time

SETTINGS = json.loads(sys.argv[1])
URL = SETTINGS["url"]
MOTION = SETTINGS["motion"]
HEADFUL = SETTINGS["headful"]
CHROMIUM = SETTINGS["chromium"]
PROFILE = SETTINGS["profile"]
#: Switches to start Chromium with.
SWITCHES = SETTINGS["switches"]
FLAGS = SETTINGS["flags"]
RANDOM = random.Random(SETTINGS["seed"])
random.seed(SETTINGS["seed"])


async def fill(hands):
    """Fills in the form and sends it, in the way that the variant names."""
    await asyncio.sleep(1)
    if MOTION == "scripted":
        await settled(hands.script(scripted()))
    elif MOTION == "naive":
        for field in SETTINGS["fields"]:
            await settled(hands.click(field["selector"]))
            await settled(hands.type(field["selector"], field["text"]))
        await settled(hands.click(SETTINGS["checkbox"]))
        await settled(hands.click(SETTINGS["submit"]))
    else:
        await like_a_hand(hands)
    # The page asks for its token and sends it; the browser must live that long.
    await asyncio.sleep(3)


async def settled(value):
    return await value if inspect.isawaitable(value) else value


def scripted():
    return (
        f"for (const each of {json.dumps(SETTINGS['fields'])}) {{"
        "const field = document.querySelector(each.selector); field.value = each.text;"
        "field.dispatchEvent(new Event('input', {bubbles: true}));}"
        f"document.querySelector('{SETTINGS['checkbox']}').click();"
        f"document.querySelector('{SETTINGS['submit']}').click();"
    )


def box_script(selector):
    """An expression that gives an element's box as JSON."""
    return (
        f"(() => {{ const {{x, y, width, height}} = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
        " return JSON.stringify({x, y, width, height}); })()"
    )


async def like_a_hand(hands):
    at = (RANDOM.uniform(300, 900), RANDOM.uniform(100, 500))
    await settled(hands.move(*at))
    await asyncio.sleep(RANDOM.uniform(0.4, 1.0))

    async def press(selector):
        nonlocal at
        box = await settled(hands.box(selector))
        box = json.loads(box) if isinstance(box, str) else box
        to = (box["x"] + box["width"] * RANDOM.uniform(0.3, 0.7), box["y"] + box["height"] * RANDOM.uniform(0.3, 0.7))
        await play(hands, PATHS[MOTION](at, to))
        at = to
        await asyncio.sleep(RANDOM.lognormvariate(math.log(0.12), 0.3))
        await settled(hands.down())
        await asyncio.sleep(RANDOM.lognormvariate(math.log(0.09), 0.2))
        await settled(hands.up())
        await asyncio.sleep(RANDOM.lognormvariate(math.log(0.25), 0.3))

    for field in SETTINGS["fields"]:
        await press(field["selector"])
        for char in field["text"]:
            start = time.perf_counter()
            await settled(hands.key_down(char))
            await asyncio.sleep(RANDOM.lognormvariate(math.log(0.08), 0.2))
            await settled(hands.key_up(char))
            gap = RANDOM.lognormvariate(math.log(0.14), 0.35)
            await asyncio.sleep(max(0.005, start + gap - time.perf_counter()))
        await asyncio.sleep(RANDOM.uniform(0.2, 0.7))
    await press(SETTINGS["checkbox"])
    await press(SETTINGS["submit"])


async def play(hands, points):
    start = time.perf_counter()
    for x, y, due in points:
        early = start + due - time.perf_counter()
        if early > 0.0005:
            await asyncio.sleep(early)
        await settled(hands.move(x, y))


def minjerk(start, end, step=0.01):
    """The minimum-jerk profile on a bent line, with a tremor."""
    far = math.dist(start, end)
    count = max(3, round((0.15 + 0.15 * math.log2(far / 40 + 1)) * RANDOM.lognormvariate(0, 0.15) / step))
    bend = RANDOM.gauss(0, 0.06)
    points = []
    for index in range(count + 1):
        u = index / count
        s = u**3 * (10 - 15 * u + 6 * u * u)
        off = bend * math.sin(math.pi * s)
        x = start[0] + (end[0] - start[0]) * s - (end[1] - start[1]) * off + RANDOM.gauss(0, 0.4) * math.sin(math.pi * u)
        y = start[1] + (end[1] - start[1]) * s + (end[0] - start[0]) * off + RANDOM.gauss(0, 0.4) * math.sin(math.pi * u)
        points.append((x, y, index * step))
    return points


def bezier(start, end, step=0.01):
    """A cubic Bézier curve at an even pace."""
    far = math.dist(start, end)
    count = max(3, round((0.2 + far / 1500) / step))
    side = RANDOM.choice([-1, 1]) * RANDOM.uniform(0.05, 0.3)
    control = [(start[i] + (end[i] - start[i]) * share + (start[1 - i] - end[1 - i]) * side * (1 if i == 0 else -1)) for share in (0.3, 0.7) for i in (0, 1)]
    points = []
    for index in range(count + 1):
        u = index / count
        weights = ((1 - u) ** 3, 3 * (1 - u) ** 2 * u, 3 * (1 - u) * u * u, u**3)
        at = [weights[0] * start[i] + weights[1] * control[i] + weights[2] * control[2 + i] + weights[3] * end[i] for i in (0, 1)]
        points.append((at[0], at[1], index * step))
    return points


def ghost(start, end, step=0.012):
    """The path of the package python-ghost-cursor, whose points have no times of their own."""
    from python_ghost_cursor.shared._spoof import path

    points = path({"x": start[0], "y": start[1]}, {"x": end[0], "y": end[1], "width": 40, "height": 24})
    at = lambda point, name: point[name] if isinstance(point, dict) else getattr(point, name)
    return [(at(point, "x"), at(point, "y"), index * step) for index, point in enumerate(points)]


PATHS = {"minjerk": minjerk, "bezier": bezier, "ghost": ghost}
