/** The lint rule that no file opens another one for writing but those that are named: see main/base/output.ts. */
import type { Rule } from 'eslint';

type Node = Rule.Node;
type NodeOf<T extends Node['type']> = Extract<Node, { type: T }>;

const modules = new Set(['fs', 'node:fs', 'fs/promises', 'node:fs/promises']);
/** Functions that make a file, or put bytes into one that they open. */
const writers =
  /^(createWriteStream|(writeFile|appendFile|copyFile|cp|link|symlink|truncate)(Sync)?|WriteStream)$/;
const openers = /^open(Sync|AsBlob)?$/;

const message =
  'Outputs are opened by writeOutput of main/base/output.ts, which refuses what would destroy something.';

export const outputsRule: Rule.RuleModule = {
  meta: { type: 'problem', messages: { opened: message, whole: `${message} Import the functions by name.` } },
  create(context) {
    /** Local names of the functions that open a file for whatever is asked. */
    const opening = new Set<string>();
    const isFs = (source: { type: string; value?: unknown }): boolean =>
      source.type === 'Literal' && modules.has(String(source.value));
    return {
      ImportDeclaration(node: NodeOf<'ImportDeclaration'> & { importKind?: string }) {
        if (!isFs(node.source) || node.importKind === 'type') return;
        for (const specifier of node.specifiers) {
          if (specifier.type !== 'ImportSpecifier') {
            context.report({ node: specifier, messageId: 'whole' });
            continue;
          }
          const { imported, local } = specifier;
          const name = imported.type === 'Identifier' ? imported.name : String(imported.value);
          if (name === 'promises' || name === 'default')
            context.report({ node: specifier, messageId: 'whole' });
          if (writers.test(name)) context.report({ node: specifier, messageId: 'opened' });
          if (openers.test(name)) opening.add(local.name);
        }
      },
      ImportExpression(node) {
        if (isFs(node.source)) context.report({ node, messageId: 'whole' });
      },
      Identifier(node) {
        const { parent } = node;
        if (!opening.has(node.name) || parent.type === 'ImportSpecifier') return;
        // As the function of a call with the flag 'r' it only reads.
        const reads =
          parent.type === 'CallExpression' &&
          parent.callee === node &&
          parent.arguments[1]?.type === 'Literal' &&
          parent.arguments[1].value === 'r';
        if (!reads && !isNameOnly(parent, node)) context.report({ node, messageId: 'opened' });
      },
    };
  },
};

/** `file.open` and `{ open: … }` name something else. */
function isNameOnly(parent: Node, node: Node): boolean {
  if (parent.type === 'MemberExpression') return parent.property === node && !parent.computed;
  if (parent.type === 'Property') return parent.key === node && parent.value !== node;
  return parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition';
}
