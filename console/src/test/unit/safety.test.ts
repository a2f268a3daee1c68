import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const sources = readdirSync('src/main/web', { recursive: true, encoding: 'utf8' }).filter((name) => /\.(tsx?|html)$/.test(name));

/** What would make text into code. There is no reason for any of it here. */
describe('the sources', () => {
  it.each(sources)('%s show text as text', (name) => {
    const source = readFileSync(`src/main/web/${name}`, 'utf8');
    for (const forbidden of ['dangerouslySetInnerHTML', 'innerHTML', 'outerHTML', 'insertAdjacentHTML', 'document.write', 'eval(', 'new Function', 'javascript:']) {
      expect(source.includes(forbidden), forbidden).toBe(false);
    }
  });
});
