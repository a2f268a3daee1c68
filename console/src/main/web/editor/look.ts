import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';
import { EditorView } from 'codemirror';
import { styleNonce } from '../shared/nonce';

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
  syntaxHighlighting(HighlightStyle.define([
    { tag: tags.propertyName, color: 'var(--code-name)' },
    { tag: tags.string, color: 'var(--code-string)' },
    { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--code-literal)' },
    { tag: tags.comment, color: 'var(--muted)' },
  ])),
];
