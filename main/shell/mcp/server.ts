/** The workbench as a Model Context Protocol server: its tools over the same contract as the windows. */
import { type CallToolResult, McpServer, type StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { toErrorShape } from '../../engine/failures.ts';
import type { Lease } from './lease.ts';
import { readTools } from './read-tools.ts';
import { searchReadTools, searchWriteTools } from './search-tools.ts';
import type { Tool } from './tool.ts';
import { writeTools } from './write-tools.ts';

const instructions = [
  'The workbench compares recommender models on ratings. Figures come from its engine: quote them, compute none of your own.',
  'Start with list_datasets and list_runs; compare_runs says what is better and how sure that is.',
  'What you start, the analyst sees in the window of the workbench.',
].join(' ');

/** @param allowWrites false: only what changes nothing is offered */
export function mcpServer(lease: Lease, version: string, allowWrites: boolean): McpServer {
  const server = new McpServer(
    { name: 'recommender-workbench', title: 'Recommender Workbench', version },
    { capabilities: { tools: {} }, instructions },
  );
  const tools = [...readTools, ...searchReadTools];
  if (allowWrites) tools.push(...writeTools, ...searchWriteTools);
  for (const each of tools) register(server, lease, each);
  return server;
}

/**
 * A schema as the SDK takes it. What JSON Schema has no word for, such as a path without NUL, is left out of the
 * description and checked all the same.
 */
function described(schema: v.GenericSchema): StandardSchemaWithJSON {
  const { jsonSchema, ...standard } = toStandardJsonSchema(schema)['~standard'];
  const tolerant =
    (convert: typeof jsonSchema.input): typeof jsonSchema.input =>
    (options) =>
      convert({ ...options, libraryOptions: { ...options.libraryOptions, errorMode: 'ignore' } });
  return {
    '~standard': {
      ...standard,
      jsonSchema: { input: tolerant(jsonSchema.input), output: tolerant(jsonSchema.output) },
    },
  };
}

function register(
  server: McpServer,
  lease: Lease,
  { name, title, description, input, writes, run }: Tool,
): void {
  server.registerTool(
    name,
    {
      title,
      description,
      inputSchema: described(input),
      annotations: { readOnlyHint: !writes, destructiveHint: false, openWorldHint: false },
    },
    async (given: unknown): Promise<CallToolResult> => {
      try {
        const answer = (await lease.use((host) => run(host, given))) as Record<string, unknown>;
        return { content: [{ type: 'text', text: JSON.stringify(answer) }], structuredContent: answer };
      } catch (error) {
        const { code, message, hint } = toErrorShape(error);
        return { content: [{ type: 'text', text: `${message} ${hint} (${code})` }], isError: true };
      }
    },
  );
}
