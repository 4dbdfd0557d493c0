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
const pure = [electron, sqlite, ws, ...outsideWindows];
const whereItRuns = 'a run is a pure function: it does not know where it runs';

const windows = [
  electron,
  duckdb,
  sqlite,
  ws,
  tfjs,
  folder('main', 'a window knows main only by shared/contract.ts'),
  ['node:*', 'a window has no Node'],
];

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
  [
    'main/models/**',
    [
      ...pure,
      duckdb,
      folder('shell', whereItRuns),
      folder('store', whereItRuns),
      folder('engine', whereItRuns),
      folder('process', whereItRuns),
    ],
  ],
  [
    'main/evaluation/**',
    [
      ...pure,
      duckdb,
      tfjs,
      folder('shell', whereItRuns),
      folder('store', whereItRuns),
      folder('engine', whereItRuns),
      folder('process', whereItRuns),
    ],
  ],
  [
    'main/trainer/**',
    [
      ...pure,
      duckdb,
      folder('shell', whereItRuns),
      folder('store', whereItRuns),
      folder('engine', whereItRuns),
    ],
  ],
  // The entry that hands the store's columns to the trainer, which itself does not know where they are from.
  ['main/trainer/process.ts', [...pure, duckdb, folder('shell', whereItRuns), folder('engine', whereItRuns)]],
  [
    'main/kernels/**',
    [
      ...pure,
      duckdb,
      tfjs,
      folder('shell', whereItRuns),
      folder('store', whereItRuns),
      folder('engine', whereItRuns),
    ],
  ],
  [
    'main/data/**',
    [
      ...pure,
      tfjs,
      folder('shell', 'data is below the shells'),
      folder('engine', 'data is below the engine'),
      folder('trainer', 'data is below the trainer'),
    ],
  ],
  [
    'main/store/**',
    [
      electron,
      duckdb,
      ws,
      tfjs,
      ...outsideWindows,
      folder('shell', 'the store is below the shells'),
      folder('engine', 'the store is below the engine'),
      folder('trainer', 'the store is below the trainer'),
    ],
  ],
  [
    'main/process/**',
    [
      ...pure,
      duckdb,
      tfjs,
      folder('shell', 'process is below the shells'),
      folder('engine', 'process is below the engine'),
      folder('store', 'process is below the store'),
    ],
  ],
  ['main/engine/**', [...pure, duckdb, tfjs, folder('shell', 'the engine does not know its shell')]],
  [
    'main/shell/browser/**',
    [
      electron,
      duckdb,
      sqlite,
      tfjs,
      ...outsideWindows,
      folder('store', 'shells ask the engine'),
      folder('engine', 'shells ask the engine'),
    ],
  ],
  [
    'main/shell/electron/**',
    [
      duckdb,
      sqlite,
      ws,
      tfjs,
      ...outsideWindows,
      folder('store', 'shells ask the engine'),
      folder('engine', 'shells ask the engine'),
    ],
  ],
  ['main/shell/cli/**', [electron, duckdb, sqlite, ws, tfjs, ...outsideWindows]],
];

export default tseslint.config(
  { ignores: ['dist', 'release', 'coverage', 'node_modules', 'main/kernels/assembly'] },
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
