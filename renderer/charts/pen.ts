/**
 * What a chart draws with: on a canvas, or into an SVG file. A call draws all that looks alike, so that a chart of a
 * thousand lines takes few of them.
 */
import { element, label, short } from '../../shared/figures/svg.ts';
import type { Point } from './series.ts';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Stroke {
  width?: number;
  dash?: readonly number[];
  /** In [0, 1]; 1 unless told. */
  alpha?: number;
}

export interface Pen {
  /** Lines through points; of a point alone nothing is seen. */
  lines(paths: readonly (readonly Point[])[], color: string, stroke?: Stroke): void;
  boxes(boxes: readonly Box[], color: string): void;
  /** Round marks, filled or rings. */
  dots(spots: readonly Point[], radius: number, color: string, filled: boolean): void;
  /** 11 px, centred on `y`. */
  text(text: string, x: number, y: number, color: string, align?: 'left' | 'center' | 'right'): void;
}

export function canvasPen(context: CanvasRenderingContext2D, font: string): Pen {
  const plain = (): void => {
    context.setLineDash([]);
    context.globalAlpha = 1;
  };
  return {
    lines(paths, color, { width = 1, dash = [], alpha = 1 } = {}) {
      context.strokeStyle = color;
      context.lineWidth = width;
      context.lineJoin = 'round';
      context.setLineDash([...dash]);
      context.globalAlpha = alpha;
      context.beginPath();
      for (const path of paths)
        path.forEach(({ x, y }, at) => (at === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
      context.stroke();
      plain();
    },
    boxes(boxes, color) {
      context.fillStyle = color;
      context.beginPath();
      for (const { x, y, width, height } of boxes) context.rect(x, y, width, height);
      context.fill();
    },
    dots(spots, radius, color, filled) {
      context.beginPath();
      for (const { x, y } of spots) {
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, 2 * Math.PI);
      }
      context.fillStyle = context.strokeStyle = color;
      context.lineWidth = 1.25;
      if (filled) context.fill();
      else context.stroke();
    },
    text(text, x, y, color, align = 'left') {
      context.font = `11px ${font}`;
      context.textBaseline = 'middle';
      context.textAlign = align;
      context.fillStyle = color;
      context.fillText(text, x, y);
    },
  };
}

/** As the other pen, into elements of SVG. */
export function svgPen(): Pen & { readonly parts: string[] } {
  const parts: string[] = [];
  const anchors = { left: 'start', center: 'middle', right: 'end' } as const;
  return {
    parts,
    lines(paths, color, { width = 1, dash = [], alpha = 1 } = {}) {
      const d = paths
        .flatMap((path) => path.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`))
        .join('');
      parts.push(
        element('path', {
          ...{ d, fill: 'none', stroke: color, 'stroke-width': width, 'stroke-linejoin': 'round' },
          'stroke-dasharray': dash.length > 0 ? dash.join(' ') : undefined,
          'stroke-opacity': alpha < 1 ? alpha : undefined,
        }),
      );
    },
    boxes(boxes, color) {
      for (const { x, y, width, height } of boxes)
        parts.push(element('rect', { x, y, width, height, fill: color }));
    },
    dots(spots, radius, color, filled) {
      const look = filled ? { fill: color } : { fill: 'none', stroke: color, 'stroke-width': 1.25 };
      for (const { x, y } of spots) parts.push(element('circle', { cx: x, cy: y, r: radius, ...look }));
    },
    text(text, x, y, color, align = 'left') {
      parts.push(label(text, x, y, color, anchors[align]));
    },
  };
}
