/** What a package would lack without an error of electron-builder: read from its configuration, before anything is built. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../main/setup/sources.ts';
import { outsidePages } from '../../../shared/host.ts';
import { capsuleExtension, kindOfFile } from '../../../shared/openable.ts';

interface Association {
  readonly ext: string | string[];
  readonly mimeType?: string;
  readonly rank?: string;
  readonly role?: string;
}

interface Configuration {
  readonly electronFuses: Record<string, boolean>;
  readonly toolsets: Record<string, string>;
  readonly fileAssociations: readonly Association[];
  readonly mac: Record<string, unknown> & {
    fileAssociations: readonly Association[];
    target: unknown[];
    entitlements: string;
    entitlementsInherit: string;
  };
  readonly linux: { target: string[]; maintainer: string; mimeTypes: string[] };
  readonly win: { target: string[]; fileAssociations?: unknown };
  readonly directories: { buildResources: string };
}

const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
const { load } = builder('js-yaml') as { load(text: string): unknown };
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const configuration = load(read('electron-builder.yml')) as Configuration;
const project = JSON.parse(read('package.json')) as Record<string, string>;
const workflow = load(read('.github/workflows/ci.yml')) as {
  jobs: Record<
    string,
    { env?: Record<string, string>; steps: { name?: string; run?: string; if?: string }[] }
  >;
};

describe('The configuration of packages', () => {
  it('has what a deb must say: homepage, maintainer, description, licence', () => {
    expect(project.homepage).toBe(outsidePages.home);
    expect(project.description).not.toBe('');
    expect(project.license).toBe('MIT');
    expect(configuration.linux.maintainer).not.toBe('');
    expect(configuration.linux.target).toContain('deb');
  });

  it('has the name that people read in menus', () => {
    expect(project.productName).toBe('Recommender Workbench');
  });

  it('sets every fuse that Electron has, so that none depends on a default', () => {
    const { FuseV1Options } = builder('@electron/fuses') as {
      FuseV1Options: Record<string, string | number>;
    };
    const all = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)));
    const written = Object.keys(configuration.electronFuses).map(
      (name) => name[0].toUpperCase() + name.slice(1),
    );
    expect(written.sort()).toEqual(all.sort());
    expect(configuration.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  it('signs the Mac app ad hoc while there is no certificate, and lets it load its libraries all the same', () => {
    expect(configuration.mac.identity).toBe('-');
    expect(configuration.mac.hardenedRuntime).toBe(true);
    for (const file of [configuration.mac.entitlements, configuration.mac.entitlementsInherit]) {
      for (const name of ['disable-library-validation', 'allow-jit', 'allow-unsigned-executable-memory'])
        expect(read(file), file).toMatch(
          new RegExp(`com\\.apple\\.security\\.cs\\.${name}</key>\\s*<true/>`),
        );
    }
  });

  it('owns capsules, and offers itself for tables without taking them from the program that opens them today', () => {
    const { fileAssociations, mac, linux, win } = configuration;
    expect(fileAssociations.map(({ ext }) => ext)).toEqual([capsuleExtension]);
    expect(fileAssociations[0].mimeType).toMatch(/^application\/x-/);
    for (const { ext, rank, role } of mac.fileAssociations) {
      for (const each of [ext].flat()) expect(kindOfFile(`x.${each}`)).toBe('ratings');
      expect([rank, role]).toEqual(['Alternate', 'Viewer']);
    }
    expect(linux.mimeTypes).toContain('text/csv');
    // There an association is the default at once.
    expect(win.fileAssociations).toBeUndefined();
    const script = read(join(configuration.directories.buildResources, 'installer.nsh'));
    expect(script).toContain('.csv\\OpenWithProgids');
    expect(script).not.toMatch(/Classes\\\.\w+" ""/);
    const written = [...script.matchAll(/Write\w+ SHELL_CONTEXT "([^"]+)"/g)].map(([, key]) => key);
    const removed = [...script.matchAll(/Delete\w+ SHELL_CONTEXT "([^"]+)"/g)].map(([, key]) => key);
    for (const key of written)
      expect(
        removed.some((each) => key.startsWith(each)),
        key,
      ).toBe(true);
  });

  it('makes Mac apps for the machine that makes them, whose natives alone are installed', () => {
    for (const target of configuration.mac.target) expect(target).not.toHaveProperty('arch');
  });

  it("makes AppImages whose runtime needs no library that today's systems lack", () => {
    expect(configuration.toolsets.appimage).toBe('1.0.3');
  });

  it('has an icon of 1024 pixels, of which those of all systems are made', () => {
    const icon = join(root, configuration.directories.buildResources, 'icon.png');
    expect(existsSync(icon)).toBe(true);
    const header = readFileSync(icon).subarray(16, 24);
    expect([header.readUInt32BE(0), header.readUInt32BE(4)]).toEqual([1024, 1024]);
  });
});

describe('The workflow', () => {
  const { test, package: packaging } = workflow.jobs;

  it('demands native TensorFlow only where it can be had', () => {
    for (const job of [test, packaging]) {
      const wanted = job.env?.WORKBENCH_REQUIRE_NATIVE ?? '';
      expect(wanted).toContain("matrix.os == 'ubuntu-latest' && '1' || '0'");
    }
  });

  it('looks for known faults of what is shipped', () => {
    expect(workflow.jobs.check.steps.map(({ run }) => run)).toContain('npm audit --omit=dev');
  });

  it('signs apps of pull requests too', () => {
    expect(packaging.env?.CSC_FOR_PULL_REQUEST).toBe('true');
  });

  it('runs the self-test of every installer that it makes', () => {
    const tested = packaging.steps.filter(({ run }) => run?.includes('--self-test'));
    expect(tested.map(({ if: when }) => /'(\w+)'/.exec(when ?? '')?.[1])).toEqual([
      'Linux',
      'Linux',
      'macOS',
      'Windows',
    ]);
    for (const { run } of tested.slice(0, 2)) expect(run).toContain('xvfb-run');
    // What keeps the window's processes apart is not switched off to make a test pass.
    for (const { run } of tested) expect(run).not.toContain('no-sandbox');
  });
});
