/** What a file of machine code is for, from its header. */
export interface Binary {
  readonly system: 'linux' | 'darwin' | 'win32';
  /** As Node names them; several in a universal binary of macOS. */
  readonly arches: readonly string[];
}

const elf: Readonly<Record<number, string>> = { 0x03: 'ia32', 0x28: 'arm', 0x3e: 'x64', 0xb7: 'arm64' };
const machO: Readonly<Record<number, string>> = { 0x01000007: 'x64', 0x0100000c: 'arm64', 0x07: 'ia32' };
const pe: Readonly<Record<number, string>> = { 0x14c: 'ia32', 0x8664: 'x64', 0xaa64: 'arm64' };

/** @param bytes the file, or its first 4 KB; null where it is no machine code */
export function binaryOf(bytes: Buffer): Binary | null {
  if (bytes.length < 64) return null;
  const magic = bytes.readUInt32BE(0);
  // ELF: e_machine.
  if (magic === 0x7f454c46) return { system: 'linux', arches: [named(elf, bytes.readUInt16LE(18))] };
  // Mach-O of 64 bits: cputype.
  if (magic === 0xcffaedfe) return { system: 'darwin', arches: [named(machO, bytes.readUInt32LE(4))] };
  // Universal: so many headers of 20 bytes, each with a cputype. Java's classes begin alike, with a larger number there.
  if (magic === 0xcafebabe && bytes.readUInt32BE(4) < 20) {
    const count = Math.min(bytes.readUInt32BE(4), Math.floor((bytes.length - 8) / 20));
    return {
      system: 'darwin',
      arches: Array.from({ length: count }, (_, at) => named(machO, bytes.readUInt32BE(8 + 20 * at))),
    };
  }
  // PE: "MZ", and where "PE\0\0" begins, which the machine follows.
  if (bytes.readUInt16BE(0) !== 0x4d5a) return null;
  const at = bytes.readUInt32LE(0x3c);
  if (at + 6 > bytes.length || bytes.readUInt32BE(at) !== 0x50450000) return null;
  return { system: 'win32', arches: [named(pe, bytes.readUInt16LE(at + 4))] };
}

function named(names: Readonly<Record<number, string>>, machine: number): string {
  return names[machine] ?? `machine 0x${machine.toString(16)}`;
}
