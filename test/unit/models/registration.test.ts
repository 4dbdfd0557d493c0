/** A baseline that is one folder and one line of the registry passes the suite and is wherever models are. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import * as v from 'valibot';
import { afterAll, describe, expect, it } from 'vitest';
import { RunConfig, SplitConfig } from '../../../shared/config.ts';
import { openEngineHost } from '../../../main/engine/host.ts';
import { models, registerModel } from '../../../main/models/registry.ts';
import { helpHtml } from '../../../main/setup/help/markdown.ts';
import { docs, pagesOf } from '../../../main/setup/models-page.ts';
import { runCommands } from '../../../main/shell/cli/run-commands.ts';
import { configsOf } from '../../../main/shell/cli/train.ts';
import { runTrial } from '../../../main/training/loop.ts';
import { defaultServices } from '../../../main/training/services.ts';
import { makeSplit } from '../../../main/evaluation/splits/make-split.ts';
import { slopeOne } from '../../fixtures/slope-one/definition.ts';
import { checkerboard } from './boards.ts';
import { loadedEnginesOf } from './engines.ts';
import { modelSuite } from './suite.ts';

const remove = registerModel(slopeOne);
const dataDir = mkdtempSync(join(tmpdir(), 'registration-'));
const host = await openEngineHost(dataDir);
afterAll(async () => {
  remove();
  await host.close();
  rmSync(dataDir, { recursive: true });
});

for (const engine of loadedEnginesOf(slopeOne)) modelSuite(slopeOne, engine);

describe('a model that is registered', () => {
  it('has its form in the windows', async () => {
    const listed = (await host.invoke('models.list', {})).find(({ name }) => name === 'slope-one');
    expect(listed?.title).toBe('Slope One');
    expect(listed?.parameters.map(({ name }) => name)).toEqual(['support']);
  });

  it('is on the command line, with its parameters', async () => {
    const program = new Command();
    let text = '';
    runCommands(program, (command) => async () => {
      text = (await command(host, [], {} as never, [])).text;
    });
    await program.parseAsync(['node', 'workbench', 'models']);
    expect(text).toContain('slope-one: Slope One.');
    expect(text).toContain('support = 1');
    const given = { dataset: 'any', model: 'slope-one', set: { support: '2' } };
    const [config] = configsOf(given, await host.invoke('models.list', {}));
    expect(config).toMatchObject({ model: 'slope-one', parameters: { support: '2' } });
  });

  it('has its page in docs/ and the help, all of them checked in as the registry has them', () => {
    const pages = pagesOf(models);
    expect(pages.get('models/slope-one.md')).toContain('# Slope One\n');
    expect(pages.get('models.md')).toContain('(models/slope-one.md)');
    const html = helpHtml(pages.get('models/slope-one.md') ?? '', () => null);
    expect(html).toContain('<mfrac>');
    const checkedIn = pagesOf(models.filter((model) => model !== slopeOne));
    for (const [path, text] of checkedIn) expect(readFileSync(join(docs, path), 'utf8'), path).toBe(text);
    expect(readdirSync(join(docs, 'models')).map((name) => `models/${name}`)).toEqual(
      [...checkedIn.keys()].filter((path) => path.startsWith('models/')).sort(),
    );
  });

  it('is trained and tested like any other', async () => {
    const { train: ratings } = checkerboard(true);
    const config = v.parse(RunConfig, { model: 'slope-one', split: v.parse(SplitConfig, {}) });
    const split = makeSplit(ratings, config.split);
    const result = await runTrial({ ratings, split, config }, {}, await defaultServices());
    expect(result.metrics.test['rmse']).toBeGreaterThan(0);
  });

  it('is refused under a name that is taken', () => {
    expect(() => registerModel(slopeOne)).toThrow('slope-one');
  });
});
