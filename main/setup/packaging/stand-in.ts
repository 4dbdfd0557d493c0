/** In place of Electron's own program, which is 110 MB from elsewhere: what electron-builder asks of its folder, and no more. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../sources.ts';

/** What electron-builder looks for to switch fuses: a mark, version 1, the number of fuses, the fuses. */
export const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

const fuses = Buffer.concat([
  Buffer.from(fuseMark),
  Buffer.from([1, 8]),
  Buffer.from('11111111'),
  Buffer.alloc(64),
]);

const helpers = ['', ' (GPU)', ' (Plugin)', ' (Renderer)'];

/** @param arch `x64` or `arm64` */
export function writeStandIn(folder: string, system: string, arch: string): void {
  const program = standInProgram(system, arch);
  const write = (path: string, content: Buffer | string = 'x'): void => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, 0o755);
  };
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version']) write(name);
  if (system !== 'darwin') {
    mkdirSync(join(folder, 'resources'), { recursive: true });
    write(system === 'win32' ? 'electron.exe' : 'electron', program);
    return;
  }
  const app = (at: string, name: string): void => {
    write(join(at, 'Contents', 'Info.plist'), plistOf(name));
    write(join(at, 'Contents', 'MacOS', name), program);
  };
  app('Electron.app', 'Electron');
  write('Electron.app/Contents/Resources/electron.icns');
  const frameworks = 'Electron.app/Contents/Frameworks';
  write(`${frameworks}/Electron Framework.framework/Electron Framework`, program);
  for (const helper of helpers) app(`${frameworks}/Electron Helper${helper}.app`, `Electron Helper${helper}`);
}

/** The header of a program of a system, then fuses. */
function standInProgram(system: string, arch: string): Buffer {
  const header = Buffer.alloc(128);
  const isArm = arch === 'arm64';
  if (system === 'linux') {
    header.writeUInt32BE(0x7f454c46, 0);
    header.writeUInt16LE(isArm ? 0xb7 : 0x3e, 18);
  } else if (system === 'darwin') {
    header.writeUInt32BE(0xcffaedfe, 0);
    header.writeUInt32LE(isArm ? 0x0100000c : 0x01000007, 4);
  } else return Buffer.concat([anyProgramOfWindows(arch), fuses]);
  return Buffer.concat([header, fuses]);
}

/** Its resources get the archive's checksum, beside the version that must be there; electron-builder brings this one along. */
function anyProgramOfWindows(arch: string): Buffer {
  return readFileSync(join(root, 'node_modules', 'electron-winstaller', 'vendor', `7z-${arch}.exe`));
}

function plistOf(name: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>CFBundleExecutable</key><string>${name}</string></dict></plist>
`;
}
