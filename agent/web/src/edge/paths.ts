/** Whether a path of a policy, which the verifier has checked, means the path of a URL. With regard to case. */
export function matches(glob: string, path: string): boolean {
  // As browsers write the path of a URL.
  const segments = glob.replace(/[^\0-\x7f]+/g, encodeURIComponent).split("/");
  const open = segments[segments.length - 1] === "**";
  if (open) segments.pop();
  const given = path.split("/");
  if (open ? given.length < segments.length : given.length !== segments.length) return false;
  return segments.every((segment, index) => (segment === "*" ? given[index] !== "" : segment === given[index]));
}
