/** Pictures and tables of a figure as files. */
import { drawChart, type Drawing } from '../../shared/figures/charts.ts';
import { download } from '../transport/browser.ts';

export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  download(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function saveText(text: string, name: string, type = 'text/csv'): void {
  saveBlob(new Blob([text], { type: `${type};charset=utf-8` }), name);
}

/** A name that every file system takes. */
export function fileName(title: string, extension: string): string {
  const plain = title
    .toLowerCase()
    .replace(/[^a-z0-9@.]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `${plain || 'figure'}.${extension}`;
}

/** The canvas or SVG of a figure with its title on the theme's ground, at twice the size. */
export async function savePicture(figure: HTMLElement, title: string): Promise<void> {
  const source = figure.querySelector<HTMLCanvasElement | SVGSVGElement>('canvas, svg.chart');
  if (!source) return;
  const { width, height } = source.getBoundingClientRect();
  const picture = document.createElement('canvas');
  const head = 28;
  picture.width = (width + 24) * 2;
  picture.height = (height + head + 12) * 2;
  const context = picture.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(document.body);
  const root = getComputedStyle(document.documentElement);
  context.scale(2, 2);
  context.fillStyle = root.getPropertyValue('--base');
  context.fillRect(0, 0, width + 24, height + head + 12);
  context.fillStyle = style.color;
  context.font = `600 13px ${style.fontFamily}`;
  context.fillText(title, 12, 19);
  const drawn = source instanceof HTMLCanvasElement ? source : await imageOf(source, width, height);
  context.drawImage(drawn, 12, head, width, height);
  await new Promise<void>((resolve) =>
    picture.toBlob((blob) => {
      if (blob) saveBlob(blob, fileName(title, 'png'));
      resolve();
    }),
  );
}

/** The chart as an SVG file with the theme's colours in it, for a text or a slide. */
export function saveSvg(figure: HTMLElement, title: string, drawing: Drawing | null): void {
  const source = figure.querySelector<HTMLCanvasElement | SVGSVGElement>('canvas, svg.chart');
  if (!source) return;
  const { width, height } = source.getBoundingClientRect();
  const root = getComputedStyle(document.documentElement);
  const ink = (token: string) => root.getPropertyValue(`--${token}`).trim();
  const font = 'system-ui, sans-serif';
  const text = drawing
    ? drawChart({ ...drawing, title }, { width, height: height + 24, font, ink })
    : source instanceof SVGSVGElement
      ? new XMLSerializer().serializeToString(styledCopy(source, width, height))
      : null;
  if (text !== null) saveText(text, fileName(title, 'svg'), 'image/svg+xml');
}

/** An SVG as an image. */
async function imageOf(svg: SVGSVGElement, width: number, height: number): Promise<HTMLImageElement> {
  const copy = styledCopy(svg, width, height);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}

/** A copy with the computed colours and fonts written into it. */
function styledCopy(svg: SVGSVGElement, width: number, height: number): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = [...svg.querySelectorAll<SVGElement>('*')];
  [...copy.querySelectorAll<SVGElement>('*')].forEach((element, index) => {
    const original = from[index];
    if (!original) return;
    const style = getComputedStyle(original);
    for (const name of ['fill', 'stroke', 'stroke-width', 'font-size', 'font-family', 'font-weight']) {
      element.setAttribute(name, style.getPropertyValue(name));
    }
  });
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  return copy;
}
