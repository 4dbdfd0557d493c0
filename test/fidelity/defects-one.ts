/** The book's defects for one seed: prints a JSON line. */
import { measureDefects } from './defects.ts';

process.stdout.write(`${JSON.stringify(await measureDefects(Number(process.argv[2])))}\n`);
process.exit(0);
