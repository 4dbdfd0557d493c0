/** A worker thread of the importer: reads one segment of a file into columns, and helps to arrange them all. */
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { arrangeUsers } from '../files/columns/arrange-users.ts';
import type { RowBlock } from '../files/columns/rows.ts';
import { moveColumn, placeRows, renumberItems } from '../files/columns/scatter.ts';
import { RatingBuilder } from '../files/rating-builder.ts';
import { delimitedReader } from '../files/read/delimited.ts';
import type { FromSegment, SegmentJob, ToSegment } from '../files/read/segments.ts';
import { fingerprintOf } from '../ratings/fingerprint.ts';
import { profileOf } from '../ratings/profile.ts';
import { transcoder } from '../files/source/encoding.ts';

const CHUNK = 4 << 20;
/** More rejects are rather counted by one thread than carried over. */
const MOST_REJECTS = 100_000;

const { plan, build, missingRating, from, to, apart } = workerData as SegmentJob;
/** The rows, while they stay here. */
let blocks: RowBlock[] = [];

function post(message: FromSegment, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

function run(): void {
  const builder = new RatingBuilder(build, Infinity);
  const reader = delimitedReader(plan, builder, missingRating);
  const convert = transcoder('utf-8');
  const buffer = Buffer.allocUnsafe(CHUNK);
  const file = openSync(plan.source.path, 'r');
  try {
    for (let at = from; at < to;) {
      const bytes = readSync(file, buffer, 0, Math.min(CHUNK, to - at), at);
      if (bytes === 0) break;
      at += bytes;
      const chunk = buffer.subarray(0, bytes);
      if ((plan.quote !== '' && chunk.includes(plan.quote)) || builder.rejects.total > MOST_REJECTS) {
        post({ type: 'quote' });
        return;
      }
      reader.push(from === 0 ? convert.write(chunk) : chunk);
      post({ type: 'progress', bytes: at - from, records: builder.read, rejected: builder.rejects.total });
    }
    if (from === 0) reader.push(convert.end());
    reader.finish();
  } finally {
    closeSync(file);
  }
  const { segment, transfer } = builder.segment(reader.line(), apart);
  if (apart) {
    blocks = builder.takeBlocks();
    parentPort?.on('message', obey);
  }
  post({ type: 'done', segment }, transfer);
}

function obey(message: ToSegment): void {
  if (message.type === 'scatter') {
    const { numbers, next, columns } = message;
    renumberItems(blocks, numbers.item);
    placeRows(blocks, next, numbers.user);
    moveColumn(blocks, 'item', columns.item);
    moveColumn(blocks, 'value', columns.value);
    if (columns.time) moveColumn(blocks, 'time', columns.time);
    blocks = [];
    post({ type: 'scattered' });
  } else if (message.type === 'arrange') {
    const { columns, range, kept } = message;
    post({ type: 'arranged', users: arrangeUsers(columns, range, kept) });
  } else if (message.type === 'fingerprint') {
    post({ type: 'fingerprint', fingerprint: fingerprintOf(...message.of) });
  } else post({ type: 'profile', profile: profileOf(...message.of) });
}

run();
