/** Bytes of head, middle and tail of a file for the sniffer, as UTF-8. */
import type { Source } from '../source/source.ts';
import { bytesAt, rawBytes } from '../source/source.ts';
import { byteOrderMark, encodingName, guessEncoding, transcoder } from '../source/encoding.ts';
import type { LegacyGuess } from '../source/legacy.ts';
import type { Guess } from '../types.ts';
import type { SampleArea } from './sampled-table.ts';

const HEAD = 256 << 10;
const ELSEWHERE = 64 << 10;
/** Bytes up to which a file is sampled whole, in one piece. */
const SMALL = 16 << 10;
/** Plain files up to here are looked at whole for their encoding. */
const WHOLE = 8 << 20;
/** Bytes that are sampled of a packed file, which can be read from its beginning only. */
const UNPACKED = 1 << 20;

export interface Areas {
  encoding: Guess<string> & { legacy?: LegacyGuess };
  areas: SampleArea[];
  /** Bytes of text that the whole file holds, estimated for packed ones. */
  textBytes: number;
}

export async function sampleAreas(source: Source, encoding: string | undefined): Promise<Areas> {
  const packed = source.container !== 'plain';
  const { pieces, textBytes, forEncoding, whole } = packed
    ? await unpackedPieces(source)
    : await plainPieces(source);
  const guess =
    encoding === undefined
      ? guessEncoding(forEncoding, whole)
      : { value: givenEncoding(encoding, pieces[0].bytes), why: 'given', given: true };
  return { encoding: guess, areas: pieces.map((piece) => decode(piece, guess.value)), textBytes };
}

/** UTF-16 without an end is settled by the mark, and is little-endian without one. */
function givenEncoding(encoding: string, head: Uint8Array): string {
  const name = encodingName(encoding);
  if (name !== 'utf-16') return name;
  return byteOrderMark(head)?.encoding === 'utf-16be' ? 'utf-16be' : 'utf-16le';
}

function decode(piece: SampleArea, encoding: string): SampleArea {
  const convert = transcoder(encoding);
  return { ...piece, bytes: Buffer.concat([convert.write(piece.bytes), convert.end()]) };
}

interface Pieces {
  pieces: SampleArea[];
  forEncoding: Uint8Array[];
  whole: boolean;
  textBytes: number;
}

async function plainPieces({ path, bytes }: Source): Promise<Pieces> {
  if (bytes <= WHOLE) {
    const all = await bytesAt(path, 0, bytes);
    return { pieces: cut(all, true), forEncoding: [all], whole: true, textBytes: bytes };
  }
  const middle = Math.floor(bytes / 4) * 2;
  const tail = Math.floor((bytes - ELSEWHERE) / 2) * 2;
  const pieces = [
    { bytes: await bytesAt(path, 0, HEAD), head: true, tail: false },
    { bytes: await bytesAt(path, middle, ELSEWHERE), head: false, tail: false },
    { bytes: await bytesAt(path, tail, ELSEWHERE), head: false, tail: true },
  ];
  return { pieces, forEncoding: pieces.map((piece) => piece.bytes), whole: false, textBytes: bytes };
}

async function unpackedPieces(source: Source): Promise<Pieces> {
  const chunks: Buffer[] = [];
  let size = 0;
  let whole = true;
  for await (const chunk of rawBytes(source)) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size >= UNPACKED) {
      whole = false;
      break;
    }
  }
  const all = Buffer.concat(chunks);
  const member = source.members.find((each) => each.path === source.member);
  const textBytes = member?.bytes ?? (whole ? size : source.bytes * 3);
  return { pieces: cut(all, whole), forEncoding: [all], whole, textBytes };
}

/** Head, middle and tail of bytes in memory. */
function cut(all: Uint8Array, whole: boolean): SampleArea[] {
  if (all.length <= SMALL) return [{ bytes: all, head: true, tail: whole }];
  if (all.length <= HEAD) {
    const third = Math.floor(all.length / 6) * 2;
    return [
      { bytes: all.subarray(0, third), head: true, tail: false },
      { bytes: all.subarray(third, 2 * third), head: false, tail: false },
      { bytes: all.subarray(2 * third), head: false, tail: whole },
    ];
  }
  const middle = (all.length >> 1) & ~1;
  const tail = Math.max(HEAD, (all.length - ELSEWHERE) & ~1);
  const pieces = [{ bytes: all.subarray(0, HEAD), head: true, tail: false }];
  if (middle > HEAD)
    pieces.push({ bytes: all.subarray(middle, middle + ELSEWHERE), head: false, tail: false });
  pieces.push({ bytes: all.subarray(tail), head: false, tail: whole });
  return pieces;
}
