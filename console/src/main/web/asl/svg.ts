import type { StateSummary } from '../run/view';
import { save } from '../shared/save';
import type { Layout, Placed } from './layout';

const FILL: Record<string, string> = {
  running: '#d0ebff', succeeded: '#d3f9d8', caught: '#ffe8cc', failed: '#ffe3e3', aborted: '#e9ecef',
};

/** The graph as a picture of its own, in light colours and without anything from outside. */
export function svgOf(plan: Layout, summaries?: ReadonlyMap<string, StateSummary>): string {
  const places = absolute(plan.nodes);
  const margin = 20;
  const lines = plan.ways.map((way) => {
    const from = places.get(way.from);
    const to = places.get(way.to);
    if (!from || !to) {
      return '';
    }
    const [x1, y1, x2, y2] = [from.x + from.width / 2, from.y + from.height, to.x + to.width / 2, to.y];
    const middle = (y1 + y2) / 2;
    const dash = way.kind === 'catch' ? ' stroke-dasharray="5 4"' : '';
    const label = way.label ?? (way.kind === 'default' ? 'default' : '');
    return `<path d="M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}" fill="none" stroke="#868e96" marker-end="url(#a)"${dash}/>`
      + (label === '' ? '' : `<text x="${(x1 + x2) / 2}" y="${middle}" font-size="10" fill="#495057" text-anchor="middle">${escaped(label.slice(0, 40))}</text>`);
  });
  const boxes = plan.nodes.map((node) => {
    const at = places.get(node.state.name)!;
    const status = summaries?.get(node.state.name)?.status;
    const middle = at.x + at.width / 2;
    return `<rect x="${at.x}" y="${at.y}" width="${at.width}" height="${at.height}" rx="8" fill="${status ? FILL[status] : '#fff'}" stroke="#495057"/>`
      + `<text x="${middle}" y="${at.y + 22}" font-size="13" font-weight="600" text-anchor="middle">${escaped(node.state.name)}</text>`
      + `<text x="${middle}" y="${at.y + 40}" font-size="11" fill="#495057" text-anchor="middle">${escaped(node.state.type)}</text>`;
  });
  const [width, height] = [plan.width + 2 * margin, plan.height + 2 * margin];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-margin} ${-margin} ${width} ${height}" font-family="sans-serif">`
    + '<defs><marker id="a" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L10 5L0 10z" fill="#868e96"/></marker></defs>'
    + `<rect x="${-margin}" y="${-margin}" width="${width}" height="${height}" fill="#fff"/>${boxes.join('')}${lines.join('')}</svg>`;
}

function absolute(nodes: readonly Placed[]): Map<string, Placed> {
  const places = new Map<string, Placed>();
  for (const node of nodes) {
    const parent = node.parent === undefined ? undefined : places.get(node.parent);
    places.set(node.state.name, parent ? { ...node, x: node.x + parent.x, y: node.y + parent.y } : node);
  }
  return places;
}

/** Names are anybody's text, and XML knows fewer characters than JSON. */
export function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Sharp on screens of twice the pixels, within what browsers let a canvas be. */
export function savePng(name: string, plan: Layout, summaries?: ReadonlyMap<string, StateSummary>): void {
  const url = URL.createObjectURL(new Blob([svgOf(plan, summaries)], { type: 'image/svg+xml' }));
  const image = new Image();
  image.onload = () => {
    const scale = Math.min(2, 8000 / Math.max(image.width, image.height, 1));
    const canvas = document.createElement('canvas');
    canvas.width = Math.ceil(image.width * scale);
    canvas.height = Math.ceil(image.height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => blob && save(name, blob), 'image/png');
    URL.revokeObjectURL(url);
  };
  image.src = url;
}
