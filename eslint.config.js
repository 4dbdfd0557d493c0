import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/**
 * The path of a file says which process may load it. `layer(files, forbidden)` is one rule of that; a file has the rules
 * of every layer that it is in, which eslint does not add up by itself, so each names all that is forbidden to it.
 */
const anywhere = {
  electron: ['electron', 'only main/shell/electron knows Electron'],
  duckdb: ['@duckdb/*', 'only main/data reads files with DuckDB'],
  sqlite: ['better-sqlite3', 'only main/store opens the database'],
  svelte: ['svelte', 'only the windows are drawn with Svelte'],
  chart: ['chart.js', 'only renderer/charts draws'],
  ws: ['ws', 'only main/shell/browser serves a WebSocket'],
  tfjs: ['@tensorflow/*', 'only main/trainer and main/models compute with TensorFlow'],
};

const folder = (name, why) => [`**/${name}/**`, why];

/** Static and dynamic imports alike; a pattern is gitignore's, as in `no-restricted-imports`. */
function forbid(...groups) {
  // A slash inside a selector's regular expression is written \u002f.
  const expression = (name) => {
    const literal = name.replaceAll('.', String.raw`\.`).replaceAll('/', String.raw`\u002f`);
    if (name.startsWith('**/')) return literal.replaceAll('**', '');
    return name.endsWith('*') ? `^${literal.slice(0, -1)}` : String.raw`^${literal}(\u002f|$)`;
  };
  return {
    'no-restricted-imports': [
      'error',
      { patterns: groups.map(([name, why]) => ({ group: [name], message: `${why}.` })) },
    ],
    'no-restricted-syntax': [
      'error',
      ...groups.map(([name, why]) => ({
        selector: `ImportExpression[source.value=/${expression(name)}/]`,
        message: `${why}.`,
      })),
    ],
  };
}

const { electron, duckdb, sqlite, svelte: svelteLibrary, chart, ws, tfjs } = anywhere;
const outsideWindows = [svelteLibrary, chart];
const windows = [
  electron,
  duckdb,
  sqlite,
  ws,
  tfjs,
  folder('main', 'a window knows main only by shared/contract.ts'),
  ['node:*', 'a window has no Node'],
];

/** The folders of main, and what each imports of the others; CONTRIBUTING.md has the same table. */
const reaches = {
  process: [],
  data: ['store'],
  store: ['data'],
  // Together the pure part: a run does not know where it runs, nor where its ratings are stored.
  evaluation: ['data', 'models', 'trainer'],
  models: ['data', 'kernels', 'trainer'],
  kernels: ['data', 'evaluation', 'models', 'trainer'],
  trainer: ['data', 'evaluation', 'kernels', 'models'],
  engine: ['data', 'evaluation', 'models', 'process', 'store', 'trainer'],
  setup: ['kernels'],
  shell: ['process'],
};
const others = (name, reached = reaches[name]) =>
  Object.keys(reaches)
    .filter((other) => other !== name && !reached.includes(other))
    .map((other) => folder(other, `this folder imports nothing of main/${other}`));
const otherShells = (...names) => names.map((name) => folder(name, 'a shell knows no other'));

const most = [electron, sqlite, ws, ...outsideWindows];
const layers = [
  [
    'shared/**',
    [
      electron,
      duckdb,
      sqlite,
      ws,
      tfjs,
      ...outsideWindows,
      folder('main', 'shared is below main'),
      folder('renderer', 'shared is below the windows'),
      ['node:*', 'shared runs in windows too'],
    ],
  ],
  ['renderer/**', [...windows, chart]],
  ['renderer/charts/**', windows],
  ['main/*.ts', [...most, duckdb, tfjs, ...others('main', ['process'])]],
  ['main/process/**', [...most, duckdb, tfjs, ...others('process')]],
  ['main/data/**', [...most, tfjs, ...others('data')]],
  ['main/store/**', [electron, duckdb, ws, tfjs, ...outsideWindows, ...others('store')]],
  ['main/evaluation/**', [...most, duckdb, tfjs, ...others('evaluation')]],
  ['main/models/**', [...most, duckdb, ...others('models')]],
  ['main/kernels/**', [...most, duckdb, tfjs, ...others('kernels')]],
  ['main/trainer/**', [...most, duckdb, ...others('trainer')]],
  ['main/engine/**', [...most, duckdb, tfjs, ...others('engine')]],
  ['main/setup/**', [...most, duckdb, tfjs, ...others('setup')]],
  // Entries of processes: they join a folder to the process that it runs in, and the trainer to the stored ratings.
  ['main/data/process.ts', [...most, tfjs, ...others('data', ['store', 'process'])]],
  [
    'main/trainer/process.ts',
    [...most, duckdb, ...others('trainer', [...reaches.trainer, 'store', 'process'])],
  ],
  ['main/shell/*.ts', [...most, duckdb, tfjs, ...others('shell')]],
  [
    'main/shell/browser/**',
    [
      electron,
      duckdb,
      sqlite,
      tfjs,
      ...outsideWindows,
      ...others('shell'),
      ...otherShells('electron', 'cli'),
    ],
  ],
  [
    'main/shell/electron/**',
    [duckdb, sqlite, ws, tfjs, ...outsideWindows, ...others('shell'), ...otherShells('browser', 'cli')],
  ],
  // The command line runs the engine inside itself, and serves the browser's windows.
  [
    'main/shell/cli/**',
    [...most, duckdb, tfjs, ...others('shell', ['process', 'engine']), ...otherShells('electron')],
  ],
];

export default tseslint.config(
  { ignores: ['dist', 'release', 'coverage', 'node_modules', 'main/**/assembly'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommendedTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: globals.node,
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', 'main/setup/run.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      // What implements an interface of promises may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // Kernels and models are plain objects of functions that know no `this`.
      '@typescript-eslint/unbound-method': 'off',
      // It takes the words of a reason for names of warnings; svelte-check says which are needed.
      'svelte/no-unused-svelte-ignore': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: true },
      ],
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false, properties: false } },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    // Types of components and snippets reach svelte-check, not the linter, which would take them for any.
    files: ['**/*.svelte'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
  },
  { files: ['renderer/**'], languageOptions: { globals: globals.browser } },
  ...layers.map(([files, forbidden]) => ({
    files: [files],
    ignores: ['**/vite.config.ts'],
    rules: forbid(...forbidden),
  })),
  {
    // What a person reads on a terminal is the work of these.
    files: [
      'main/setup/**',
      'main/shell/**',
      'main/kernels/build.ts',
      'test/**',
      'main/*/process.ts',
      'renderer/**',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['main/shell/electron/**'],
    rules: { 'max-lines': ['error', { max: 150, skipBlankLines: false, skipComments: false }] },
  },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  { files: ['**/*.js', '**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
);
