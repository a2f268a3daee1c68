/** The smallest stretch of a text that has to be replaced to make another of it; the cursor and what is folded stay elsewhere. */
export function replacement(before: string, after: string): { from: number; to: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) {
    from++;
  }
  let behind = 0;
  while (behind < most - from && before[before.length - 1 - behind] === after[after.length - 1 - behind]) {
    behind++;
  }
  return { from, to: before.length - behind, insert: after.slice(from, after.length - behind) };
}
