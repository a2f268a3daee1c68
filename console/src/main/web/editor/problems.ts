import type { Diagnostic } from '../api/types';
import { brokenAt, locate } from '../asl/positions';

/** A problem at its place in the text. */
export interface Problem {
  from: number;
  to: number;
  line: number;
  severity: 'error' | 'warning';
  code: string;
  message: string;
}

export function placed(text: string, diagnostics: readonly Diagnostic[]): Problem[] {
  return diagnostics.map((diagnostic) => {
    const broken = brokenAt(text);
    const place = broken !== undefined
      ? { from: Math.min(broken, Math.max(0, text.length - 1)), to: Math.min(broken + 1, text.length) }
      : nearest(text, diagnostic.location ?? '');
    return {
      ...place,
      line: text.slice(0, place.from).split('\n').length,
      severity: diagnostic.severity === 'WARNING' ? 'warning' as const : 'error' as const,
      code: diagnostic.code,
      message: diagnostic.message,
    };
  });
}

/** Of what is missing, the object that misses it. */
function nearest(text: string, pointer: string): { from: number; to: number } {
  for (let path = pointer; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
    const found = locate(text, path);
    if (found) {
      return found;
    }
  }
  return { from: 0, to: Math.min(1, text.length) };
}

/** The states that have problems, by the pointers' own words. */
export function statesOf(diagnostics: readonly Diagnostic[]): Set<string> {
  const states = new Set<string>();
  for (const { location } of diagnostics) {
    const found = location === undefined ? undefined : /.*\/States\/([^/]+)/.exec(location)?.[1];
    if (found !== undefined) {
      states.add(found.replaceAll('~1', '/').replaceAll('~0', '~'));
    }
  }
  return states;
}
