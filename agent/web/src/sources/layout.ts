import type { Agent } from "../engine.ts";
import { Measure, Probe, State } from "./protocol.ts";

/**
 * Lays out the challenge's fragment and tells the agent the sizes of its boxes, which a script that only imitates a page
 * cannot know.
 *
 * Nobody sees or hears of it: the boxes hang in a closed shadow root of an element without size, outside of the page's flow,
 * invisible and inert, and leave with the next frame. They are read when the page is laid out in any case. Styles are set
 * as properties, which no policy forbids.
 */
export function layOut(agent: Agent): void {
  const fragment = agent.fragment();
  if (!fragment.length) return;
  const found = (state: State) => agent.found(Probe.LayoutMissing, state);
  found(State.Unsupported);
  try {
    const create = (css: string) => {
      const box = document.createElement("div");
      box.style.cssText = css;
      return box;
    };
    const host = create(HOST);
    host.inert = true;
    host.ariaHidden = "true";
    const boxes: Node[] = [host.attachShadow({ mode: "closed" })];
    let waiting = true;
    const observer = new ResizeObserver((entries) => {
      const isThere = host.isConnected;
      // Nothing is displayed here, for example in a frame without a size: perhaps later.
      if (isThere && !entries.every(({ contentRect }) => contentRect.width)) return;
      waiting = false;
      observer.disconnect();
      host.remove();
      // A page that threw the boxes away learns no more about itself.
      if (!isThere) return found(State.No);
      entries.forEach(({ contentRect: { width, height } }, i) => {
        agent.measured(Measure.Box0 + i, Math.round(width) * 65536 + Math.round(height));
      });
      found(State.No);
    });
    for (const [inside, css, told] of JSON.parse(new TextDecoder().decode(fragment)) as [number, string, 1?][]) {
      const box = create(css);
      boxes[inside]!.appendChild(box);
      boxes.push(box);
      if (told) observer.observe(box);
    }
    const root = document.documentElement;
    root.appendChild(host);
    const isSeen = () => document.visibilityState === "visible";
    const wasSeen = isSeen();
    const frame = window.requestAnimationFrame || setTimeout;
    // Sizes are told between two frames, so a page that draws and has none has no layout.
    frame(() =>
      frame(() =>
        setTimeout(() => {
          if (waiting && wasSeen && isSeen() && getComputedStyle(root).display !== "none") found(State.Yes);
        }, ENOUGH_MS),
      ),
    );
  } catch {
    found(State.Failed);
  }
}

const ENOUGH_MS = 3_000;
/** The page's own styles must not reach the boxes, whatever they say, nor the boxes the page. */
const HOST =
  "all:initial;direction:ltr;position:fixed;top:0;left:0;width:0;height:0;overflow:hidden;visibility:hidden;contain:strict"
    .replace(/;|$/g, "!important;");
