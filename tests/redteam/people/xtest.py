"""Plays timed input through the X server's XTest extension.

Reads one JSON object a line: {"play": [[milliseconds, kind, ...], ...]}, times counted from the start of the play, and
answers each with one line that says how late the events were: {"events": n, "p50": ms, "p95": ms, "max": ms}. Kinds:

    ["m", x, y]    the pointer to a place of the screen
    ["d", button]  and ["u", button]: a button goes down and up (1 left, 3 right; 4 and 5 are a notch of the wheel)
    ["k", keysym]  and ["r", keysym]: a key goes down and up

One process serves a whole run, so that no event waits for a process to start. An event that is late stays late: the
following ones are due at their own times.
"""

import ctypes
import json
import os
import sys
import time

x11 = ctypes.CDLL("libX11.so.6")
xtst = ctypes.CDLL("libXtst.so.6")
x11.XOpenDisplay.restype = ctypes.c_void_p
x11.XStringToKeysym.restype = ctypes.c_ulong
x11.XKeysymToKeycode.restype = ctypes.c_ubyte
x11.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
x11.XFlush.argtypes = [ctypes.c_void_p]
xtst.XTestFakeMotionEvent.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_ulong]
xtst.XTestFakeButtonEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
xtst.XTestFakeKeyEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]


def main():
    display = x11.XOpenDisplay(None)
    if not display:
        sys.exit("there is no X server to play to")
    try:
        os.nice(-10)
    except PermissionError:
        pass  # Then a busy machine shows in the lateness.
    print("{}", flush=True)
    for line in sys.stdin:
        print(json.dumps(play(display, json.loads(line)["play"])), flush=True)


def play(display, events):
    """Plays the events at their times; what is still held at the end is let go."""
    codes = {}
    for event in events:
        if event[1] in "kr" and event[2] not in codes:
            codes[event[2]] = keycode(display, event[2])
    late, held = [], set()
    start = time.perf_counter()
    for event in events:
        due = start + event[0] / 1000
        wait_until(due)
        late.append((time.perf_counter() - due) * 1000)
        send(display, event, codes, held)
    for kind, code in held:
        release = xtst.XTestFakeKeyEvent if kind == "k" else xtst.XTestFakeButtonEvent
        release(display, code, 0, 0)
    x11.XFlush(display)
    late.sort()
    share = lambda part: round(late[min(len(late) - 1, int(len(late) * part))], 2) if late else 0
    return {"events": len(late), "p50": share(0.5), "p95": share(0.95), "max": share(1)}


def send(display, event, codes, held):
    kind = event[1]
    if kind == "m":
        xtst.XTestFakeMotionEvent(display, -1, int(event[2]), int(event[3]), 0)
    elif kind in "du":
        xtst.XTestFakeButtonEvent(display, event[2], int(kind == "d"), 0)
        (held.add if kind == "d" else held.discard)(("b", event[2]))
    else:
        code = codes[event[2]]
        xtst.XTestFakeKeyEvent(display, code, int(kind == "k"), 0)
        (held.add if kind == "k" else held.discard)(("k", code))
    x11.XFlush(display)


def keycode(display, name):
    code = x11.XKeysymToKeycode(display, x11.XStringToKeysym(name.encode()))
    if not code:
        sys.exit(f"the keyboard has no key {name}")
    return code


def wait_until(due):
    """Sleeps until shortly before, then watches the clock: a sleep alone ends up to a millisecond late."""
    left = due - time.perf_counter()
    if left > WATCH:
        time.sleep(left - WATCH)
    while time.perf_counter() < due:
        pass


WATCH = 0.0004

main()
