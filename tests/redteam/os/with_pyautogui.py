"""Fills in a form with pyautogui: eased straight lines, keys that take no time."""

import json
import random
import sys

import pyautogui

tween = getattr(pyautogui, sys.argv[1])
pyautogui.PAUSE = 0.1
for step in json.loads(sys.argv[2]):
    pyautogui.moveTo(step["x"], step["y"], duration=random.uniform(0.4, 1.1), tween=tween)
    pyautogui.click()
    if step["text"]:
        pyautogui.write(step["text"], interval=random.uniform(0.14, 0.2))
