/**
 * Whoever reads what this process prints may be gone (`| head`, a closed terminal): the words are lost then, and the
 * work goes on. Without a listener Node ends the process at the first write. Called once, by the entry of a process.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
