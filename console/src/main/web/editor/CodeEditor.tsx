import { json } from '@codemirror/lang-json';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { basicSetup, EditorView } from 'codemirror';
import { useEffect, useRef } from 'react';
import { look } from './look';
import type { Problem } from './problems';

/** An editor for JSON with problems at their places. It has the text; what is given later replaces it only if it differs. */
export function CodeEditor({ label, text, onChange, problems, place }: {
  label: string; text: string; onChange: (text: string) => void; problems: readonly Problem[]; place: number | undefined;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const changed = useRef(onChange);
  changed.current = onChange;

  useEffect(() => {
    const editor = new EditorView({
      parent: frame.current!,
      doc: text,
      extensions: [
        basicSetup,
        json(),
        lintGutter(),
        look,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) {
            changed.current(update.state.doc.toString());
          }
        }),
      ],
    });
    view.current = editor;
    return () => editor.destroy();
    // The editor lives as long as the page; its text is its own.
    // eslint-disable-next-line
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== text) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
    }
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor) {
      const end = editor.state.doc.length;
      editor.dispatch(setDiagnostics(editor.state, problems.map((problem) => ({
        from: Math.min(problem.from, end),
        to: Math.min(problem.to, end),
        severity: problem.severity,
        message: `${problem.code}: ${problem.message}`,
      }))));
    }
  }, [problems]);

  useEffect(() => {
    const editor = view.current;
    if (editor && place !== undefined) {
      const at = Math.min(place, editor.state.doc.length);
      editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
      editor.focus();
    }
  }, [place]);

  return <div ref={frame} className="editor-frame" />;
}
