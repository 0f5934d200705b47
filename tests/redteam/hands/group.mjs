// Programs that start others: they are ended together, whatever happens to the run.

import { spawn } from "node:child_process";

/** Starts a program in a process group of its own. `ended` resolves when it has, `end` kills all of the group. */
export function startGroup(command, args, options) {
  const child = spawn(command, args, { ...options, detached: true });
  child.on("error", () => {});
  groups.add(child);
  const end = () => {
    groups.delete(child);
    kill(child);
  };
  return { child, ended: new Promise((resolve) => child.once("close", resolve)), end };
}

function kill({ pid }) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All of them have ended.
  }
}

const groups = new Set();
process.once("exit", () => groups.forEach(kill));
