import type { Diagnostic } from '../api/types';
import { brokenAt } from '../asl/positions';
import { nearest, type Source } from '../asl/source';

/** A problem at its place in the text. */
export interface Problem {
  from: number;
  to: number;
  line: number;
  column: number;
  severity: 'error' | 'warning';
  code: string;
  message: string;
}

/** What the text itself has, or what the API says of it. */
export function placed(source: Source, diagnostics: readonly Diagnostic[]): Problem[] {
  if (source.fault) {
    return [{ ...source.fault, severity: 'error', code: source.format.toUpperCase() }];
  }
  return diagnostics.map((diagnostic) => ({
    ...positioned(source, diagnostic.location ?? ''),
    severity: diagnostic.severity === 'WARNING' ? 'warning' as const : 'error' as const,
    code: diagnostic.code,
    message: diagnostic.message,
  }));
}

function positioned({ text, tree }: Source, pointer: string): { from: number; to: number; line: number; column: number } {
  const broken = brokenAt(text);
  const place = tree ? nearest(tree, pointer)
    : { from: Math.min(broken ?? 0, Math.max(0, text.length - 1)), to: Math.min((broken ?? 0) + 1, text.length) };
  const before = text.slice(0, place.from);
  return { ...place, line: before.split('\n').length, column: place.from - before.lastIndexOf('\n') };
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
