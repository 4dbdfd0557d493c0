import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** A second, the default, is too short for a process or a window on a busy machine. */
const poll = { timeout: 60_000 };

const electronProject = {
  test: {
    name: 'electron',
    include: ['test/electron/**/*.test.ts'],
    globalSetup: ['test/fixtures/built.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
};

/** Levels of tests; `npm test` runs all three, `npx vitest run --project unit` one. */
export default defineConfig({
  test: {
    // One more than there are cores, for many tests wait for processes; Vitest would leave a core to itself.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          pool: 'forks',
          expect: { poll },
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/fixtures/built.ts'],
          pool: 'forks',
          expect: { poll },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/fixtures/built.ts'],
          pool: 'forks',
          expect: { poll },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      // Needs Electron's program and a screen, so it is no level of `npm test`: WORKBENCH_ELECTRON=1 adds it.
      ...(process.env.WORKBENCH_ELECTRON ? [electronProject] : []),
    ],
  },
});
