import type { TaskTreeAnswer } from '../api/contract.ts'
import { type Task, taskState } from '../core/identity.ts'
import { narrowedWords, scopeWords } from '../core/scope-words.ts'
import { plainLine } from './plain-text.ts'

type Branch = TaskTreeAnswer['tree']

export const GRAPH_FORMATS = ['text', 'dot', 'mermaid'] as const
export type GraphFormat = (typeof GRAPH_FORMATS)[number]

/** Who delegated to whom, and what of their scope they gave on. */
export function delegationGraph(tree: Branch, format: GraphFormat, now: number): string {
  if (format === 'text') return textLines(tree, undefined, '', now).join('\n')
  const edges = edgesOf(tree)
  const nodes = [tree.task, ...edges.map(({ child }) => child)]
  if (format === 'dot') {
    return [
      'digraph delegations {',
      `  human [shape=box, label=${quoted(tree.task.human)}]`,
      ...nodes.map(
        (task) =>
          `  ${quoted(task.id)} [label=${quoted(`${task.agent.id}\n${task.intent}\n${taskState(task, now)}`)}]`,
      ),
      `  human -> ${quoted(tree.task.id)} [label=${quoted(scopeWords(tree.task.scope))}]`,
      ...edges.map(
        ({ parent, child }) =>
          `  ${quoted(parent.id)} -> ${quoted(child.id)} [label=${quoted(narrowedWords(child.scope, parent.scope))}]`,
      ),
      '}',
    ].join('\n')
  }
  return [
    'flowchart TD',
    `  human[${marked(tree.task.human)}]`,
    ...nodes.map(
      (task) => `  ${task.id}[${marked(`${task.agent.id}: ${task.intent} (${taskState(task, now)})`)}]`,
    ),
    `  human -->|${marked(scopeWords(tree.task.scope))}| ${tree.task.id}`,
    ...edges.map(
      ({ parent, child }) =>
        `  ${parent.id} -->|${marked(narrowedWords(child.scope, parent.scope))}| ${child.id}`,
    ),
  ].join('\n')
}

function textLines(branch: Branch, parent: Task | undefined, indent: string, now: number): readonly string[] {
  const { task, children } = branch
  const from = parent === undefined ? task.human : parent.agent.id
  const scope = parent === undefined ? scopeWords(task.scope) : narrowedWords(task.scope, parent.scope)
  const line = `${from} → ${task.agent.id}  ${task.id}  ${taskState(task, now)}  “${task.intent}”  ${scope}`
  return [
    `${indent}${plainLine(line)}`,
    ...children.flatMap((child) => textLines(child, task, `${indent}  `, now)),
  ]
}

function edgesOf({ task, children }: Branch): readonly { readonly parent: Task; readonly child: Task }[] {
  return children.flatMap((child) => [{ parent: task, child: child.task }, ...edgesOf(child)])
}

/** DOT: newlines are what it writes as `\n`. */
function quoted(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => plainLine(line).replaceAll('\\', '\\\\').replaceAll('"', '\\"'))
  return `"${lines.join('\\n')}"`
}

/** Mermaid: nothing in it is markup. */
function marked(text: string): string {
  const safe = Array.from(plainLine(text), (letter) =>
    /[\p{L}\p{N} .:_/-]/u.test(letter) ? letter : `#${letter.codePointAt(0) ?? 0};`,
  )
  return `"${safe.join('')}"`
}
