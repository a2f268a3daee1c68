import { Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { flat, printed, type Tree } from '../asl/tree';
import { readJson } from '../asl/positions';
import { useText } from '../i18n';

/**
 * How a value is written: `text` is a string, `number` one or an expression that gives it, `path` a string or null, `list` strings
 * with commas between, `json` anything.
 */
export type Kind = 'text' | 'number' | 'path' | 'list' | 'json';

export function shown(kind: Kind, tree: Tree | undefined): string {
  if (tree === undefined) {
    return '';
  }
  if (kind === 'json') {
    return printed(tree);
  }
  const value = JSON.parse(flat(tree)) as unknown;
  if (kind === 'list' && Array.isArray(value)) {
    return value.join(', ');
  }
  return typeof value === 'string' ? value : flat(tree);
}

/** As JSON; undefined: the value is to be taken away; null: this is none. */
export function written(kind: Kind, text: string): string | undefined | null {
  if (text.trim() === '') {
    return undefined;
  }
  switch (kind) {
    case 'text': return JSON.stringify(text);
    case 'path': return text.trim() === 'null' ? 'null' : JSON.stringify(text);
    case 'list': return JSON.stringify(text.split(',').map((one) => one.trim()).filter((one) => one !== ''));
    case 'json': return 'tree' in readJson(text) ? text.trim() : null;
    case 'number': return 'tree' in readJson(text) && !Number.isNaN(Number(text)) ? text.trim() : text.trim().startsWith('{%') ? JSON.stringify(text.trim()) : null;
  }
}

/** A field that is written when it is left, or by Enter: each time is one step that can be undone. */
export function ValueField({ label, kind, tree, commit }: { label: string; kind: Kind; tree: Tree | undefined; commit: (json: string | undefined) => void }) {
  const before = shown(kind, tree);
  // Another value from elsewhere, by undoing for example, begins anew.
  return <Draft key={before} label={label} kind={kind} before={before} commit={commit} />;
}

function Draft({ label, kind, before, commit }: { label: string; kind: Kind; before: string; commit: (json: string | undefined) => void }) {
  const t = useText();
  const [text, setText] = useState(before);
  const value = written(kind, text);
  const end = () => {
    if (text !== before && value !== null) {
      commit(value);
    }
  };
  const common = {
    label,
    value: text,
    size: 'xs',
    error: value === null ? (kind === 'number' ? t.editing.notNumber : broken(text)) : undefined,
    onChange: (event: { currentTarget: { value: string } }) => setText(event.currentTarget.value),
    onBlur: end,
    spellCheck: false,
  };
  return kind === 'json'
    ? <Textarea {...common} autosize minRows={1} maxRows={12} classNames={{ input: 'code' }} />
    : <TextInput {...common} onKeyDown={(event) => event.key === 'Enter' && end()} />;
}

function broken(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
