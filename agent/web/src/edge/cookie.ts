/**
 * Keeps a cookie with a token in it, for a firewall that lets those pass whose session has been scored. It is renewed long before it
 * ends, while the page is looked at and was used not long ago; and otherwise as soon as it is used again.
 *
 * @param token gets one; a failure leaves the cookie as it is
 */
export function keepCookie(name: string, token: () => Promise<string>): void {
  let used = Date.now();
  let asked = -Infinity;
  let isDue = true;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function renew(): Promise<void> {
    // A token may be long in coming, and a failure is no reason to ask with every movement.
    if (Date.now() - asked < AGAIN_MS) return;
    asked = Date.now();
    clearTimeout(timer);
    try {
      const text = await token();
      write(name, text);
      isDue = false;
    } catch {
      // Due still: by the next use, or by the timer.
    }
    timer = setTimeout(onTime, isDue ? AGAIN_MS : RENEW_MS);
  }

  function onTime(): void {
    isDue = true;
    if (document.visibilityState === "visible" && Date.now() - used < IDLE_MS) renew();
  }

  function onUse(): void {
    used = Date.now();
    // By the clock as well: a machine that slept has not counted.
    if (isDue || used - asked >= RENEW_MS) renew();
  }

  // One that another page of the site has left is good until this page is used; a first one is wanted now. Where cookies are forbidden
  // altogether, this throws.
  if (!has(name)) renew();
  for (const type of USES) addEventListener(type, onUse, { capture: true, passive: true });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && onUse());
}

function has(name: string): boolean {
  return document.cookie.split("; ").some((cookie) => cookie.startsWith(name + "="));
}

function write(name: string, token: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${token}; Path=/; SameSite=Lax; Max-Age=${LIFETIME_S}${secure}`;
}

/** As long as the verifier takes such a token. */
const LIFETIME_S = 1_800;
/** How old a token may become before it is renewed. */
const RENEW_MS = 600_000;
/** Whoever has not used the page for as long may have gone. */
const IDLE_MS = 1_800_000;
/** The least time between two requests for a token, and the time after a failure. */
const AGAIN_MS = 60_000;
const USES = ["pointerdown", "keydown", "scroll", "touchstart"];
