/** Two small pictures of the pointer: where it went, and how fast. */
import { html, svg } from "./dom.js";
import { speeds, STROKE_PAUSE } from "./report.js";

/** The path, thick where slow and thin where fast, with a ring for each press. Needs two samples or more. */
export function pathPlot(pointer) {
  const place = fitInto(pointer);
  const limits = terciles(speeds(pointer).map((each) => each.speed));
  const lines = runs(pointer, limits).map(({ pace, samples }) =>
    svg("polyline", { class: `ink ${pace}`, points: samples.map((each) => place(each).join(",")).join(" ") }),
  );
  const downs = pointer.filter((each) => each.kind === "down");
  const rings = downs.map((each) => {
    const [cx, cy] = place(each);
    return svg("circle", { class: "press", cx, cy, r: 6 });
  });
  const said = `Path of the pointer over the page: ${pointer.length} events, ${downs.length} ${downs.length === 1 ? "press" : "presses"}.`;
  return figure(said, [lines, rings], `${said} Thick where slow, thin where fast; a ring is a press.`);
}

/** Speed over time. Pauses are drawn as long as they lasted. */
export function speedPlot(pointer) {
  const points = speeds(pointer);
  const [start, end] = [pointer[0].t, Math.max(pointer[0].t + 1, pointer.at(-1).t)];
  const fastest = Math.max(...points.map((each) => each.speed), 0.1);
  const x = (t) => MARGIN + ((t - start) / (end - start)) * (WIDTH - 2 * MARGIN);
  const y = (speed) => BASE - (speed / fastest) * (BASE - MARGIN - 16);
  const areas = strokes(points).map((stroke) => {
    const [first, last] = [stroke[0], stroke.at(-1)];
    const outline = stroke.map((each) => `${x(each.t).toFixed(1)},${y(each.speed).toFixed(1)}`);
    return svg("polygon", { class: "area", points: [`${x(first.t).toFixed(1)},${BASE}`, ...outline, `${x(last.t).toFixed(1)},${BASE}`].join(" ") });
  });
  const seconds = ((end - start) / 1000).toFixed(1);
  const top = `${Math.round(fastest * 1000).toLocaleString("en")} px/s`;
  const said = `Speed of the pointer over ${seconds} seconds, at most ${top}.`;
  const marks = [
    svg("line", { class: "rule", x1: MARGIN, x2: WIDTH - MARGIN, y1: BASE, y2: BASE }),
    svg("text", { x: MARGIN, y: MARGIN + 4 }, top),
    svg("text", { x: MARGIN, y: BASE + 18 }, "0 s"),
    svg("text", { x: WIDTH - MARGIN, y: BASE + 18, "text-anchor": "end" }, `${seconds} s`),
  ];
  return figure(said, [areas, marks], `${said} Each hill is one stroke; people mostly speed up once and slow down longer.`);
}

function figure(label, shapes, caption) {
  return html("figure", { class: "plot" },
    svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label }, shapes.flat()),
    html("figcaption", {}, caption),
  );
}

/** Scales a path into the picture, without distorting it. */
function fitInto(samples) {
  const [xs, ys] = [samples.map((each) => each.x), samples.map((each) => each.y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left || 1, Math.max(...ys) - top || 1];
  const scale = Math.min((WIDTH - 2 * MARGIN) / width, (HEIGHT - 2 * MARGIN) / height, 1.5);
  const [dx, dy] = [(WIDTH - width * scale) / 2, (HEIGHT - height * scale) / 2];
  return ({ x, y }) => [(dx + (x - left) * scale).toFixed(1), (dy + (y - top) * scale).toFixed(1)];
}

/** Cuts the path into pieces of one pace. Neighbours share a sample, so the line has no gaps but the pointer's own. */
function runs(pointer, [slow, fast]) {
  const pieces = [];
  for (let i = 1; i < pointer.length; i += 1) {
    const [from, to] = [pointer[i - 1], pointer[i]];
    if (to.kind === "enter" || from.kind === "leave") continue;
    const elapsed = to.t - from.t;
    const speed = elapsed > 0 ? Math.hypot(to.x - from.x, to.y - from.y) / elapsed : fast;
    const pace = speed <= slow ? "slow" : speed < fast ? "medium" : "fast";
    const open = pieces.at(-1);
    if (open?.pace === pace && open.samples.at(-1) === from) open.samples.push(to);
    else pieces.push({ pace, samples: [from, to] });
  }
  return pieces;
}

/** Cuts speeds where the pointer rested. */
function strokes(points) {
  const result = [];
  for (const point of points) {
    const open = result.at(-1);
    if (open && point.t - open.at(-1).t < STROKE_PAUSE) open.push(point);
    else result.push([point]);
  }
  return result;
}

/** The two values that cut a list into thirds. */
function terciles(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return [sorted[Math.floor(sorted.length / 3)] ?? 0, sorted[Math.floor((2 * sorted.length) / 3)] ?? 0];
}

const WIDTH = 520;
const HEIGHT = 260;
const MARGIN = 22;
const BASE = HEIGHT - 34;
