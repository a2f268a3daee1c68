import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from 'codemirror';
import { styleNonce } from '../shared/nonce';

/** What CodeMirror itself colours, in colours that can be read on light and dark: literals, then strings; others are names. */
const COLORS: Record<string, string> = {
  '#164': 'var(--code-literal)', '#219': 'var(--code-literal)', '#a11': 'var(--code-string)', '#e40': 'var(--code-string)',
};

/** How editors look: in the console's colours, so that light and dark need no editor of their own. */
export const look = [
  EditorView.cspNonce.of(styleNonce),
  EditorView.theme({
    '&': { color: 'var(--ink)', backgroundColor: 'var(--box)' },
    '.cm-content': { caretColor: 'var(--ink)' },
    '.cm-cursor': { borderLeftColor: 'var(--ink)' },
    '.cm-gutters': { color: 'var(--muted)', backgroundColor: 'var(--hover)', border: 'none' },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--muted) 12%, transparent)' },
    '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
      backgroundColor: 'color-mix(in srgb, #4c6ef5 35%, transparent)',
    },
    '.cm-tooltip, .cm-panels': { color: 'var(--ink)', backgroundColor: 'var(--box)' },
    '.cm-collapsedLines': { color: 'var(--ink)', background: 'var(--hover)' },
  }),
  syntaxHighlighting(HighlightStyle.define(defaultHighlightStyle.specs.map((spec) => ({
    ...spec,
    ...(spec.color === undefined ? {} : { color: COLORS[spec.color as string] ?? 'var(--code-name)' }),
  })))),
];
