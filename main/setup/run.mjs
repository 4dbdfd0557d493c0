/**
 * Runs one of this folder's TypeScript files where Node is 24, and says what to do where it is not. Plain JavaScript,
 * so that an older Node can read it: `node main/setup/run.mjs postinstall`.
 */
const major = Number(process.versions.node.split('.')[0]);
const [name, ...rest] = process.argv.slice(2);

if (major !== 24) {
  console.error(
    `Recommender Workbench needs Node 24; this is Node ${process.versions.node} (${process.execPath}). ` +
      'npm scripts take it from the package "node" in node_modules: install with npm 11.19 or later, ' +
      'without --ignore-scripts and without --omit=dev, or put Node 24 first on the PATH.',
  );
  process.exit(1);
}
process.argv.splice(1, 2 + rest.length, new URL(`./${name}.ts`, import.meta.url).pathname, ...rest);
const { run } = await import(`./${name}.ts`);
process.exitCode = await run(rest);
