import { MergeView } from '@codemirror/merge';
import { basicSetup, EditorView } from 'codemirror';
import { useEffect, useRef } from 'react';
import { pretty } from '../shared/format';
import { language } from './language';
import { look } from './look';

/** Two definitions side by side, both in lines, so that only what matters differs. */
export default function Diff({ before, after, label }: { before: string; after: string; label: string }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const side = (text: string) => ({
      doc: pretty(text),
      extensions: [
        basicSetup, language, look, EditorView.editable.of(false), EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      ],
    });
    const merge = new MergeView({ a: side(before), b: side(after), parent: frame.current!, collapseUnchanged: { margin: 3, minSize: 6 } });
    return () => merge.destroy();
  }, [before, after, label]);
  return <div ref={frame} className="editor-frame" />;
}
