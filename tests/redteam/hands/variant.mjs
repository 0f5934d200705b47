// The name of a variant says what it does: MOTION/MODE, and then switches that hide the automation, if any.
//
//   naive/headless      bezier/headful/flags

/**
 * @returns `motion`: `naive` (the tool's own click and type), `scripted` (values set by script), `none`, or a path of
 *   motions/paths.mjs, with `careful-` in front if whole pixels and Shift are minded; `headful`; `flags`: whether the switches that hide automation are set
 */
export function parseVariant(variant) {
  const [motion, mode, flags] = variant.split("/");
  return { motion, headful: mode === "headful", flags: flags === "flags" };
}

/** The variants that a tool without a disguise of its own is run in. */
export const COMMON = [
  "scripted/headless",
  "naive/headless",
  "naive/headful",
  "naive/headful/flags",
  "bezier/headless/flags",
  "bezier/headful/flags",
  "ghost/headful/flags",
  "minjerk/headful/flags",
  "careful-minjerk/headful/flags",
];

/** For tools that hide the automation by themselves. */
export const PATCHED = ["scripted/headful", "naive/headless", "naive/headful", "bezier/headful", "ghost/headful", "windmouse/headful", "minjerk/headful", "careful-minjerk/headful", "careful-minjerk/headful/flags"];
