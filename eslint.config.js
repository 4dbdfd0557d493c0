import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { outputsRule } from './main/setup/outputs-rule.ts';

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
  {
    files: ['main/**'],
    ignores: [
      // The one way to write a file that a person named.
      'main/base/output.ts',
      // Files of our own, in folders of our own: the mark and room of the data folder, its owner, checkpoints, staging,
      // what a restore or a move copies.
      'main/base/{data,moved}-folder.ts',
      'main/engine/{folder,reserve}.ts',
      'main/engine/care/*.ts',
      'main/store/{backup,checkpoints}.ts',
      'main/files/{staged,rejects,movielens}.ts',
      'main/files/capsule/open-capsule.ts',
      'main/shell/browser/transfers.ts',
      'main/shell/electron/recent.ts',
      'main/shell/electron/window-state.ts',
      'main/process/log-file.ts',
      // Not part of the running app.
      'main/setup/**',
      'main/kernels/build-kernels.ts',
      'main/vite*.config.ts',
    ],
    plugins: { workbench: { rules: { outputs: outputsRule } } },
    rules: { 'workbench/outputs': 'error' },
  },
  {
    // What a person reads on a terminal is the work of these.
    files: [
      'main/setup/**',
      'main/shell/**',
      'main/kernels/build-kernels.ts',
      'test/**',
      'main/entries/**',
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
