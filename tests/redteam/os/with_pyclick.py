"""Fills in a form with pyclick's curves as they come; pyautogui types."""

import json
import random
import sys
import time

import pyautogui
from pyclick import HumanClicker

clicker = HumanClicker()
for step in json.loads(sys.argv[2]):
    clicker.move((step["x"], step["y"]), random.uniform(0.6, 1.2))
    time.sleep(random.uniform(0.08, 0.2))
    pyautogui.mouseDown()
    time.sleep(random.uniform(0.06, 0.13))
    pyautogui.mouseUp()
    time.sleep(random.uniform(0.2, 0.5))
    for letter in step["text"]:
        pyautogui.write(letter)
        time.sleep(random.uniform(0.06, 0.2))
