import type { Page } from "../grecaptcha.ts";
import { ownScript, parsePlace } from "../place.ts";

// What the verifier appends to the script where `waf=session` is in its address or its key is a Universal one. So the rest of the
// pages do not carry it.

/** The name of the file below the base, which the verifier writes here. */
const EDGE_JS = "__TOUCHSTONE_EDGE_JS__";

function load(): void {
  const script = ownScript();
  const methods = (window as Page).grecaptcha?.enterprise;
  if (!script || !methods?.execute) return;
  const { base, key } = parsePlace(script.src);
  if (!key) return;
  const { execute } = methods;
  const session = new URL(script.src).searchParams.get("waf") === "session";
  const start = (file: typeof import("./index.ts")) => file.start({ base, key, session, execute: (action) => execute(key, { action }) });
  import(base + "/" + EDGE_JS).then(start).catch((failure) => console.error("touchstone:", failure));
}

load();
