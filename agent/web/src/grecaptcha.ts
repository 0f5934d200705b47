import type { Client } from "./client.ts";
import type { Challenge, Response } from "./factor/grecaptcha.ts";
import { BROWSER_ERROR_TOKEN } from "./fallback.ts";
import type { View, Widget } from "./widget/widget.ts";

/** The options of `execute` that mean something here; any other is ignored. */
export interface ExecuteOptions {
  action?: string;
}

/** The methods of `grecaptcha` and of `grecaptcha.enterprise`: the same ones, so that both share one state. */
export interface Methods {
  ready(callback: () => void): void;
  execute(keyOrWidget?: unknown, options?: ExecuteOptions): Promise<string>;
  render(container: unknown, parameters?: unknown, inherit?: boolean): number;
  reset(widget?: number): void;
  getResponse(widget?: number): string;
  getPageId(): string;
  challengeAccount(key: string, options: Challenge): Promise<string>;
  eap: { initTwoFactorVerificationHandle(key: string, requestToken: string): Handle };
}

/** A second factor without a form of ours. */
export interface Handle {
  challengeAccount(): Promise<Response>;
  verifyAccount(pin: unknown): Promise<Response>;
}

/** The globals of reCAPTCHA's contract, of which a page has one, however many scripts it loads. */
export interface Grecaptcha {
  /**
   * Puts the methods on `window.grecaptcha`, which is extended and never replaced. Called for every script, since a
   * page may have thrown the global away in between.
   */
  define(): void;
  /** Makes a client serve its key; the first one also serves calls that name neither key nor widget. */
  serve(key: string): Client;
  /** Renders a widget for each element that matches and has none. What is wrong with one is said in the console. */
  bind(selector: string): void;
  /** For the time after a script's load event: calls the function named `onload`, then all that waited for `ready`. */
  loaded(onload: string | null): void;
  first(): Client | undefined;
}

/** The parts of `window` used here. All of them belong to the page, which may hold anything in them. */
export interface Page {
  grecaptcha?: (Partial<Methods> & { enterprise?: Partial<Methods> }) | undefined;
  ___grecaptcha_cfg?: { fns?: unknown } | undefined;
}

/**
 * The methods close over their state and never use `this`: some libraries call them detached.
 *
 * @param view loads what shows a widget; all of a widget that can be seen is in a file of its own
 * @param factor loads what asks for a second factor
 */
export function createGrecaptcha(
  page: Page,
  newClient: (key: string) => Client,
  view: (widget: Widget, client: Client) => Promise<View>,
  factor: (key: string, client: Client, ...asked: unknown[]) => Promise<any>,
): Grecaptcha {
  const clients = new Map<string, Client>();
  /** By id, with gaps. */
  const widgets: Widget[] = [];
  const pageId = Math.random().toString(36).slice(2);
  let next = 0;
  let nextIsolated = ISOLATED;
  let waiting: unknown[] | undefined = [];

  const methods: Methods = {
    ready(callback) {
      if (waiting) waiting.push(callback);
      else Promise.resolve().then(() => run(callback));
    },

    async execute(which, options) {
      const given = which && typeof which === "object" ? (which as ExecuteOptions) : options;
      const widget = typeof which === "string" ? undefined : widgets[+(which as number) || 0];
      if (widget) return (await widget.view).execute(given);
      const client = typeof which === "string" ? serve(which) : +(which as number) ? undefined : first();
      if (client) return client.execute(given ? given.action : undefined);
      console.error("touchstone: execute needs a site key");
      return BROWSER_ERROR_TOKEN;
    },

    render(container, parameters, inherit) {
      let box = typeof container === "string" ? document.getElementById(container) : (container as HTMLElement | null);
      if (box && !box.nodeType) {
        parameters = box;
        box = null;
      } else if (!box) throw fault("render finds no element " + container);
      const given = (parameters || {}) as Record<string, unknown>;
      const option = (name: string) =>
        name in given ? given[name] : inherit && box ? box.getAttribute("data-" + name) : undefined;
      const key = option("sitekey");
      if (!key) throw fault("render needs a sitekey");
      if (box && holder(box)) throw fault("render: this element has a widget");
      const isolated = String(option("isolated")) === "true";
      const id = isolated ? nextIsolated++ : next++;
      const widget = { id, box, option, response: "" } as Widget;
      widgets[id] = widget;
      (widget.view = view(widget, serve(String(key)))).catch((failure) => {
        console.error(failure);
        run(option("error-callback"));
      });
      return id;
    },

    reset(id) {
      const widget = widgetOf(id);
      widget.response = "";
      widget.view.then((shown) => shown.reset()).catch(() => {});
    },

    getResponse: (id) => widgetOf(id).response,

    getPageId: () => pageId,

    challengeAccount: confirm,

    eap: {
      initTwoFactorVerificationHandle: (key, request) => ({
        challengeAccount: () => confirm(key, request).catch(unloaded),
        verifyAccount: (pin) => confirm(key, request, pin + "").catch(unloaded),
      }),
    },
  };

  function confirm(key: string, ...asked: unknown[]): Promise<any> {
    return factor(key, serve(key), ...asked);
  }

  /** Runs a function of the page, or a global one by its name. One that throws is the page's error and stops no other. */
  function run(callback: unknown): void {
    if (typeof callback === "string") callback = (page as Record<string, unknown>)[callback];
    if (typeof callback !== "function") return;
    try {
      callback();
    } catch (error) {
      setTimeout(() => {
        throw error;
      });
    }
  }

  function serve(key: string): Client {
    let client = clients.get(key);
    if (!client) clients.set(key, (client = newClient(key)));
    return client;
  }

  function first(): Client | undefined {
    return clients.values().next().value;
  }

  /** The widget of an element, unless the page has thrown away what was in it. */
  function holder(box: Element): Widget | undefined {
    return widgets.find((widget) => widget && widget.box === box && !(widget.host && !widget.host.isConnected));
  }

  function widgetOf(id: unknown): Widget {
    const widget = widgets[+(id as number) || 0];
    if (!widget) throw fault("there is no widget " + (id || 0));
    return widget;
  }

  return {
    serve,
    first,

    define() {
      const root = (page.grecaptcha = page.grecaptcha || {});
      Object.assign(root, methods);
      Object.assign((root.enterprise = root.enterprise || {}), methods);
    },

    bind(selector) {
      document.querySelectorAll<HTMLElement>(selector).forEach((box) => {
        try {
          if (!holder(box)) keepClicks(box, widgetOf(methods.render(box, {}, true)).view);
        } catch (failure) {
          console.error(failure);
        }
      });
    },

    loaded(onload) {
      run(onload);
      const config = page.___grecaptcha_cfg;
      const queue = config && Array.isArray(config.fns) ? config.fns.splice(0) : [];
      queue.push(...(waiting || []));
      waiting = undefined;
      queue.forEach(run);
    },
  };
}

/** A click that comes before what shows the widget waits for it: a button would send its form without a token. */
function keepClicks(box: HTMLElement, view: Promise<View>): void {
  const keep = (event: Event) => {
    event.preventDefault();
    view.finally(() => box.click()).catch(() => {});
  };
  box.addEventListener("click", keep);
  view.finally(() => box.removeEventListener("click", keep)).catch(() => {});
}

function fault(text: string): Error {
  return Error("touchstone: " + text);
}

/** Ids of isolated widgets start here: a page with its own widgets never meets them. */
const ISOLATED = 100_000;

/** What a handle says without the file that it needs. */
const unloaded = (): Response => ({ isSuccess: () => false, getVerdictToken: () => "", getError: () => "2FA_UNKNOWN" });
