// X servers without a screen, so that browsers with windows run anywhere: each worker has one of its own.

import { spawn } from "node:child_process";

/** Starts Xvfb on a free display. Resolves to its name, such as `:99`, and a `stop`. */
export async function startDisplay({ width = 1600, height = 1000 } = {}) {
  const child = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", `${width}x${height}x24`, "-nolisten", "tcp", "-noreset"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const name = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error("Xvfb ended")));
    child.stdio[3].once("data", (data) => resolve(`:${data.toString().trim()}`));
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  return {
    name,
    stop() {
      process.off("exit", kill);
      child.kill("SIGTERM");
    },
  };
}
