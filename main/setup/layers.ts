import type { IConfiguration, IRegularForbiddenRuleType } from 'dependency-cruiser';

/**
 * The rooms of the project, from the lowest up: each imports only from those before it. CONTRIBUTING.md shows them, with
 * what belongs in each; `npm run check` holds them, types counted like values.
 */
export const rooms: readonly string[] = [
  'shared',
  'main/base',
  'main/process',
  'main/numeric',
  'main/ratings',
  'main/search',
  'main/kernels',
  'main/tensorflow',
  'main/model',
  'main/evaluation',
  'main/models',
  'main/training',
  'main/store',
  'main/files',
  'main/engine',
  'main/entries',
  'main/shell',
  'main/setup',
];

/** The windows, likewise; a screen is any other folder of renderer, and knows no other screen. */
export const windowRooms = ['lib', 'transport', 'state', 'ui', 'charts'];

/** A library and the only places that know it. */
const libraries: readonly (readonly [string, string])[] = [
  ['electron', '^main/shell/electron/'],
  ['hyparquet', '^main/files/formats/'],
  ['better-sqlite3', '^main/store/'],
  ['svelte', '^renderer/'],
  ['chart\\.js', '^renderer/charts/'],
  ['ws', '^main/shell/browser/'],
  ['@tensorflow', '^main/(tensorflow|models/[^/]+/tensorflow)'],
  ['commander', '^main/shell/cli/'],
  ['@modelcontextprotocol', '^main/shell/mcp/'],
  ['@valibot', '^main/shell/mcp/'],
  ['(marked|katex)', '^main/setup/help/'],
];

const under = (names: readonly string[]): string => `^(${names.join('|')})/`;
type Where = string | IRegularForbiddenRuleType['from'] | IRegularForbiddenRuleType['to'];
const where = (place: Where): IRegularForbiddenRuleType['from'] & IRegularForbiddenRuleType['to'] =>
  typeof place === 'string' ? { path: place } : place;
const forbidden = (name: string, comment: string, from: Where, to: Where): IRegularForbiddenRuleType => ({
  name,
  comment,
  severity: 'error',
  from: where(from),
  to: where(to),
});

const configuration: IConfiguration = {
  forbidden: [
    forbidden('no-circle-of-files', 'Files that import each other are one file.', {}, { circular: true }),
    {
      ...forbidden(
        'no-circle-of-folders',
        'Folders that import each other are one folder.',
        {},
        { circular: true },
      ),
      scope: 'folder',
    },
    ...rooms
      .slice(0, -1)
      .map((room, at) =>
        forbidden(
          `${room}-only-from-below`,
          `${room} imports only from the rooms before it.`,
          under([room]),
          under([...rooms.slice(at + 1), 'renderer', 'test']),
        ),
      ),
    forbidden(
      'shells-stay-thin',
      'A window’s shell knows the engine only as a process.',
      '^main/shell/(electron|browser)/',
      under(rooms.filter((room) => !['shared', 'main/base', 'main/process', 'main/shell'].includes(room))),
    ),
    forbidden(
      'shells-apart',
      'The browser shell knows no other shell.',
      '^main/shell/browser/',
      '^main/shell/(electron|cli)/',
    ),
    forbidden(
      'electron-apart',
      'The Electron shell knows no other shell.',
      '^main/shell/electron/',
      '^main/shell/(browser|cli)/',
    ),
    forbidden(
      'command-line-apart',
      'The command line does not know Electron.',
      '^main/shell/cli/',
      '^main/shell/electron/',
    ),
    forbidden(
      'processes-know-no-work',
      'Owning a child does not depend on what it does.',
      '^main/process/',
      under(rooms.filter((room) => !['shared', 'main/base', 'main/process'].includes(room))),
    ),
    forbidden(
      'store-knows-ratings-alone',
      'What is stored does not depend on who reads or trains it.',
      '^main/store/',
      under(rooms.filter((room) => !['shared', 'main/base', 'main/ratings', 'main/store'].includes(room))),
    ),
    forbidden(
      'windows-know-the-contract',
      'A window knows main only by shared.',
      { path: '^renderer/', pathNot: 'vite\\.config' },
      '^(main|test)/',
    ),
    forbidden(
      'windows-have-no-node',
      'A window has no Node.',
      { path: '^(renderer|shared)/', pathNot: 'vite\\.config' },
      { dependencyTypes: ['core'] },
    ),
    ...windowRooms.map((room, at) =>
      forbidden(
        `renderer/${room}-only-from-below`,
        `renderer/${room} imports only from the folders before it.`,
        `^renderer/${room}/`,
        { path: '^renderer/', pathNot: `^renderer/(${windowRooms.slice(0, at + 1).join('|')})/` },
      ),
    ),
    forbidden(
      'a-model-knows-no-other',
      'What models share is in models/factors, models/sharded or a room below.',
      '^main/models/(?!factors|sharded)([^/]+)/',
      { path: '^main/models/[^/]+/', pathNot: '^main/models/(factors|sharded|$1)/' },
    ),
    ...libraries.map(([library, place]) =>
      forbidden(
        `only-there: ${library}`,
        `Only ${place} knows ${library}.`,
        { path: '^(main|renderer|shared)/', pathNot: `${place}|vite\\.config` },
        `(^|node_modules/)${library}(/|$)`,
      ),
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};

export default configuration;
