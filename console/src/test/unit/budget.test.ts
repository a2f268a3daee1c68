import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
  css?: string[];
}

const BUILT = 'target/classes/stepstream-console';
const MANIFEST = `${BUILT}/assets/manifest.json`;
const MOST = 250 * 1024;

/** What the built console makes a browser load before it shows its first page. The build writes the manifest. */
describe.skipIf(!existsSync(MANIFEST))('the first load', () => {
  const chunks = existsSync(MANIFEST) ? (JSON.parse(readFileSync(MANIFEST, 'utf8')) as Record<string, Chunk>) : {};
  const files = new Set<string>();
  const add = (name: string) => {
    const chunk = chunks[name]!;
    if (!files.has(chunk.file)) {
      files.add(chunk.file);
      chunk.css?.forEach((file) => files.add(file));
      chunk.imports?.forEach(add);
    }
  };
  Object.entries(chunks).filter(([, chunk]) => chunk.isEntry).forEach(([name]) => add(name));

  it('has at most 250 KiB, compressed', () => {
    const size = [...files].reduce((sum, file) => sum + statSync(`${BUILT}/${file}.gz`).size, 0);
    console.log(`first load: ${(size / 1024).toFixed(1)} KiB in ${files.size} files`);
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThanOrEqual(MOST);
  });

  it('is the same compressed', () => {
    const scripts = readdirSync(`${BUILT}/assets`).filter((name) => /\.(js|css)$/.test(name));
    expect(scripts.length).toBeGreaterThan(10);
    scripts.forEach((name) =>
      expect(gunzipSync(readFileSync(`${BUILT}/assets/${name}.gz`)).equals(readFileSync(`${BUILT}/assets/${name}`)), name).toBe(true));
  });

  it('is without the graph, the editor and the charts', () => {
    const later = Object.keys(chunks).filter((name) => /Graph|EditorPage|Diff|Chart/.test(name) && chunks[name]!.file.endsWith('.js'));
    expect(later.length).toBeGreaterThanOrEqual(4);
    later.forEach((name) => expect(files.has(chunks[name]!.file), name).toBe(false));
  });
});

describe('the dependencies', () => {
  it('are at most 15, each at one version', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
    expect(Object.keys(dependencies).length).toBeLessThanOrEqual(15);
    Object.entries(dependencies).forEach(([name, version]) => expect(version, name).toMatch(/^\d+\.\d+\.\d+$/));
    // What the registry calls the latest of this one is version 5 under a number of 6.
    expect(dependencies.codemirror).toBe('6.0.2');
  });
});
