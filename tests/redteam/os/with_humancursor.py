"""Fills in a form with HumanCursor's pointer; pyautogui types."""

import json
import random
import sys
import time

import pyautogui
from humancursor import SystemCursor

cursor = SystemCursor()
for step in json.loads(sys.argv[2]):
    cursor.click_on([step["x"], step["y"]], click_duration=random.uniform(0.06, 0.13), steady=sys.argv[1] == "steady")
    time.sleep(random.uniform(0.2, 0.5))
    for letter in step["text"]:
        pyautogui.write(letter)
        time.sleep(random.uniform(0.06, 0.2))
