/** Zip archives: what is inside, and one member as a checked stream of bytes. */
import { crc32 } from 'node:zlib';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import type { Entry, Options, ZipFile } from 'yauzl';
import { WorkbenchError } from '../../base/errors.ts';
import type { ZipMember } from '../types.ts';

const openZip = promisify<string, Options, ZipFile>(yauzl.open);

async function entriesOf(path: string): Promise<{ zip: ZipFile; entries: Entry[] }> {
  let zip: ZipFile;
  try {
    zip = await openZip(path, { lazyEntries: true, autoClose: false });
  } catch (error) {
    throw damaged(error);
  }
  const entries = await new Promise<Entry[]>((resolve, reject) => {
    const found: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      found.push(entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(found));
    zip.on('error', (error) => reject(damaged(error)));
    zip.readEntry();
  }).catch((error: unknown) => {
    zip.close();
    throw error;
  });
  return { zip, entries };
}

/** Files of the archive (no folders, none of the Mac's companions), in its own order. */
export async function zipMembers(path: string): Promise<ZipMember[]> {
  const { zip, entries } = await entriesOf(path);
  zip.close();
  return entries
    .filter((entry) => !entry.fileName.endsWith('/') && !/(^|\/)(__MACOSX\/|\.)/.test(entry.fileName))
    .map((entry) => ({ path: entry.fileName, bytes: entry.uncompressedSize }));
}

/** The member's bytes; throws where they do not match the checksum in the archive. */
export async function* zipStream(
  path: string,
  member: string,
  onCompressed: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const { zip, entries } = await entriesOf(path);
  try {
    const entry = entries.find((each) => each.fileName === member);
    if (!entry) throw noMember(member, entries);
    if ((entry.generalPurposeBitFlag & 1) !== 0) {
      throw new WorkbenchError('encrypted', `${member} is encrypted.`, 'Unpack it first.');
    }
    const stream = await promisify(zip.openReadStream.bind(zip))(entry).catch((error: unknown) => {
      throw damaged(error);
    });
    let sum = 0;
    let size = 0;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        sum = crc32(chunk, sum);
        size += chunk.length;
        onCompressed(Math.round((size / Math.max(1, entry.uncompressedSize)) * entry.compressedSize));
        yield chunk;
      }
    } catch (error) {
      throw error instanceof WorkbenchError ? error : damaged(error);
    } finally {
      stream.destroy();
    }
    if (sum !== entry.crc32) throw damaged(new Error('its checksum does not match'));
  } finally {
    zip.close();
  }
}

function noMember(member: string, entries: Entry[]): WorkbenchError {
  const names = entries.map((entry) => entry.fileName).filter((name) => !name.endsWith('/'));
  return new WorkbenchError(
    'member-needed',
    `The archive holds no file ${member}.`,
    `Choose one with --member: ${names.slice(0, 20).join(', ')}.`,
  );
}

function damaged(error: unknown): WorkbenchError {
  const reason = (error instanceof Error ? error.message : String(error)).replace(/\.+$/, '');
  return new WorkbenchError(
    'damaged-file',
    `The archive cannot be read: ${reason}.`,
    /unsupported/i.test(reason) ? 'Unpack it first.' : 'Fetch the file again.',
  );
}
