/** Whether a path of a policy means the path of a URL, with regard to case. The verifier has checked it and matches the same way. */
export function matches(glob: string, path: string): boolean {
  const segments = glob.split("/");
  const open = segments[segments.length - 1] === "**";
  if (open) segments.pop();
  const given = path.split("/");
  if (open ? given.length < segments.length : given.length !== segments.length) return false;
  return segments.every((segment, index) => (segment === "*" ? given[index] !== "" : segment === given[index]));
}
