// A slow machine: the browser's processes run for part of the time only.

/**
 * Stops and continues the browser in turn until the returned function is called: what it computes takes two and a half times
 * as long. The X server and the injector are not slowed: the hand is as fast as ever.
 */
export async function slowed({ pid }) {
  const stop = () => group(pid, "SIGSTOP");
  const go = () => group(pid, "SIGCONT");
  const timer = setInterval(() => {
    stop();
    setTimeout(go, STOPPED_MS);
  }, PERIOD_MS);
  return async () => {
    clearInterval(timer);
    await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
    go();
  };
}

/** To all processes of the browser: it was started as the leader of a group. */
function group(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

const PERIOD_MS = 50;
const STOPPED_MS = 30;
