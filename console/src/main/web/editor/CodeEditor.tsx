import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { basicSetup, EditorView } from 'codemirror';
import { useEffect, useRef } from 'react';
import { language } from './language';
import { look } from './look';
import type { Problem } from './problems';
import { replacement } from './replacement';

/**
 * An editor with problems at their places. What is given later replaces as little of its text as differs.
 */
export function CodeEditor({ label, text, onChange, problems, place }: {
  label: string; text: string; onChange: (text: string) => void; problems: readonly Problem[]; place: { at: number; focus: boolean } | undefined;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const changed = useRef(onChange);
  changed.current = onChange;
  const given = useRef(text);
  given.current = text;

  useEffect(() => {
    const editor = new EditorView({
      parent: frame.current!,
      doc: text,
      extensions: [
        basicSetup,
        language,
        lintGutter(),
        look,
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          // What the page itself has replaced it knows, and doesn't hear of as typed.
          if (update.docChanged && update.state.doc.toString() !== given.current) {
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
    const shown = editor?.state.doc.toString();
    if (editor && shown !== undefined && shown !== text) {
      editor.dispatch({ changes: replacement(shown, text) });
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
      const at = Math.min(place.at, editor.state.doc.length);
      editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
      if (place.focus) {
        editor.focus();
      }
    }
  }, [place]);

  return <div ref={frame} className="editor-frame" />;
}
