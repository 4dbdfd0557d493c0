import { expect, it } from 'vitest';
import { svgPen } from '../../../renderer/charts/pen.ts';

it('a chart that draws itself is drawn into SVG alike', () => {
  const pen = svgPen();
  const path = [
    { x: 0, y: 1 },
    { x: 2.345, y: 3 },
  ];
  pen.lines([path, path], '#123456', { width: 2, dash: [3, 3], alpha: 0.5 });
  pen.boxes([{ x: 1, y: 2, width: 3, height: 4 }], '#fff');
  pen.dots([{ x: 1, y: 2 }], 3, '#000', false);
  pen.text('a < b', 5, 6, '#000', 'right');
  // All lines of one look are one element.
  expect(pen.parts[0]).toContain('d="M0 1L2.35 3M0 1L2.35 3"');
  expect(pen.parts[0]).toContain('stroke-opacity="0.5"');
  expect(pen.parts[1]).toBe('<rect x="1" y="2" width="3" height="4" fill="#fff"/>');
  expect(pen.parts[2]).toContain('fill="none"');
  expect(pen.parts[3]).toContain('text-anchor="end"');
  expect(pen.parts[3]).toContain('a &lt; b');
});
