/** An address' parameters with some of them changed; undefined takes one away. */
export function changed(before: URLSearchParams, values: Record<string, string | undefined>): URLSearchParams {
  const after = new URLSearchParams(before);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) {
      after.delete(name);
    } else {
      after.set(name, value);
    }
  }
  return after;
}
