import { showBadge } from "./badge.ts";
import { createClient } from "./client.ts";
import { createEngine, type Engine } from "./engine.ts";
import { createGrecaptcha, type Page } from "./grecaptcha.ts";
import { ownScript, parsePlace, type Place } from "./place.ts";
import init, { Agent } from "./touchstone_agent.js";

// The classic script: /recaptcha/enterprise.js, /recaptcha/api.js and /touchstone.js are this file.

/** Takes in one script element. A second copy of the script hands its element to the first one's function. */
type Admit = (script: HTMLScriptElement | null) => void;

type WidgetFile = typeof import("./widget/index.ts");

/** The names of the agent's files below the base. The verifier writes them here; they hold the files' hashes. */
const AGENT_WASM = "__TOUCHSTONE_AGENT_WASM__";
const POW_JS = "__TOUCHSTONE_POW_JS__";
const WIDGET_JS = "__TOUCHSTONE_WIDGET_JS__";
const FACTOR_JS = "__TOUCHSTONE_FACTOR_JS__";
const INSPECT_JS = "__TOUCHSTONE_INSPECT_JS__";
const INSPECT_WASM = "__TOUCHSTONE_INSPECT_WASM__";

const ADMIT = Symbol.for("touchstone.admit");

const page = window as Page & {
  [ADMIT]?: Admit;
  /** With `inspect=1`: what the last token was sealed from, decoded, or null. */
  touchstone?: { inspect(): Promise<unknown> };
};

function createAdmit(): Admit {
  const engines = new Map<string, Engine>();
  let place: Place;
  let worker = true;

  const grecaptcha = createGrecaptcha(
    page,
    (key) => {
      const { base, inspect } = place;
      const pow = () => load(base, POW_JS);
      const id = base + inspect;
      let engine = engines.get(id);
      if (!engine) engines.set(id, (engine = engineOf(place)));
      return createClient({
        ...{ key, base, engine, pow, worker, hl: language(place) },
        ask: async (...question) => (await widgetFile(base)).ask(...question),
      });
    },
    async (widget, client) => (await widgetFile(place.base)).show(widget, client, language(place)),
    async (key, client, ...asked) => (await load(place.base, FACTOR_JS)).answer(place.base, key, language(place), client, ...asked),
  );

  return (script) => {
    place = parsePlace(script ? script.src : location.origin + "/touchstone.js");
    worker = !script || script.dataset["worker"] !== "off";
    grecaptcha.define();
    const { key, onload, inspect, auto, badge } = place;
    if (key) {
      const client = grecaptcha.serve(key);
      whenIdle(() => {
        client.start();
        showBadge(badge);
        // Nothing else of the class: some backends write hidden inputs that fill themselves, and pages call execute on their own.
        grecaptcha.bind("button.g-recaptcha[data-callback]");
      });
    }
    if (inspect) {
      page.touchstone = {
        async inspect() {
          const client = grecaptcha.first();
          return client ? client.lastReport() : null;
        },
      };
    }
    const ready = () => {
      if (auto) grecaptcha.bind(".g-recaptcha:not([type=hidden])");
      grecaptcha.loaded(onload);
    };
    // One task later than the load event, so that the page's own load listeners have run; and not before the document is
    // there, in which callbacks look for what stands after the script.
    const loaded = () => setTimeout(() => whenParsed(ready));
    if (script && script === document.currentScript) script.addEventListener("load", loaded, { once: true });
    else loaded();
  };
}

/** The file with everything that a visitor sees. */
function widgetFile(base: string): Promise<WidgetFile> {
  return load(base, WIDGET_JS);
}

function load(base: string, file: string): Promise<any> {
  return import(base + "/" + file);
}

function language({ hl }: Place): string {
  return hl || document.documentElement.lang || navigator.language;
}

function engineOf({ base, inspect }: Place): Engine {
  return createEngine({
    glue: async () => (inspect ? load(base, INSPECT_JS) : { default: init, Agent }),
    wasm: () => base + "/" + (inspect ? INSPECT_WASM : AGENT_WASM),
  });
}

/** The agent must not compete with the page, but what the visitor does before it runs is lost: idle, and soon. */
function whenIdle(run: () => void): void {
  whenParsed(() => {
    if ("requestIdleCallback" in window) requestIdleCallback(run, { timeout: SOON_MS });
    else setTimeout(run, SOON_MS / 2);
  });
}

function whenParsed(run: () => void): void {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", run, { once: true });
  else run();
}

const SOON_MS = 500;

(page[ADMIT] = page[ADMIT] || createAdmit())(ownScript());
