import { Textarea } from '@mantine/core';

export function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A field for JSON that tells at once when it is none. */
export function JsonInput({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }) {
  return (
    <Textarea
      label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={jsonProblem(value)}
      autosize
      minRows={5}
      maxRows={20}
      spellCheck={false}
      classNames={{ input: 'code' }}
    />
  );
}
