// Hands for an X server: real input, from one process that keeps its own clock.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/**
 * Starts the injector of `xtest.py` on a display.
 *
 * `play(events)` takes what that file describes, in any order, and resolves when the last event has been sent, to how late
 * they were, in milliseconds: `{events, p50, p95, max}`.
 *
 * @param display name of the X server, such as `:99`
 */
export async function startHands(display) {
  const child = spawn("python3", [fileURLToPath(new URL("xtest.py", import.meta.url))], {
    env: { ...process.env, DISPLAY: display },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  let waiting;
  let ended;
  createInterface({ input: child.stdout }).on("line", (line) => waiting.resolve(JSON.parse(line)));
  child.once("exit", () => {
    ended = new Error("the injector has ended");
    waiting?.reject(ended);
  });
  const answer = () => new Promise((resolve, reject) => (ended ? reject(ended) : (waiting = { resolve, reject })));
  await answer();
  return {
    play(events) {
      const sorted = [...events].sort((one, other) => one[0] - other[0]);
      const late = answer();
      child.stdin.write(`${JSON.stringify({ play: sorted })}\n`);
      return late;
    },
    stop() {
      process.off("exit", kill);
      child.stdin.end();
    },
  };
}
