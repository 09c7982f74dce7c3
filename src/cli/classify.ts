import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ClassifyOptions, ExplainedClassification } from '../server/eval/classify-call.ts'
import type { JsonObject } from '../core/json.ts'
import { entityText } from '../core/resource.ts'
import type { Operation } from '../core/operation.ts'
import type { TypedFacts } from '../core/typed-facts.ts'
import { type Command, type Invocation, textFlag, UsageError } from './command.ts'
import { configPlace } from './config-place.ts'
import { plainLine } from './plain-text.ts'

export const classify: Command = {
  path: 'classify',
  summary: 'show what a call or a shell command would do, without deciding or running it',
  positionals: [
    { name: 'tool', summary: '`server__tool`, or `shell` for a command' },
    { name: 'input', summary: 'its arguments as a JSON object, or the command' },
  ],
  flags: [
    {
      name: 'workspace',
      takes: 'folder',
      offers: 'folders',
      summary: 'folder that relative paths mean (default: this one)',
    },
    {
      name: 'definition',
      takes: 'file',
      offers: 'files',
      summary: 'the tool as JSON, as tools/list of its server gives it',
    },
  ],
  notes:
    'A tool of a server that is neither configured nor in the catalogue is inferred from its\ndefinition, or from its name alone; what in them says so is shown.',
  run: async (invocation) => {
    const { io, json, positionals } = invocation
    const { classifyOneCall } = await import('../server/eval/classify-call.ts')
    const { operations, inferred, typed, why } = await classifyOneCall({
      ...configPlace(invocation),
      workspace: textFlag(invocation, 'workspace'),
      ...calledBy(positionals[0] ?? '', positionals[1] ?? ''),
      ...definitionIn(invocation),
    })
    if (json) {
      const facts = typed === undefined ? {} : { facts: typed }
      io.out(`${JSON.stringify({ operations, inferred, ...facts, why })}\n`)
    } else {
      const lines = [...operations.map(lineOf), ...factLines(typed), ...why.map(reasonLine)]
      io.out(lines.map((line) => `${plainLine(line)}\n`).join(''))
    }
    return 0
  },
}

function calledBy(
  name: string,
  input: string,
): { readonly server: string; readonly tool: string; readonly arguments: JsonObject } {
  if (name === 'shell') return { server: 'claude-code', tool: 'Bash', arguments: { command: input } }
  const parting = name.indexOf('__')
  if (parting < 1) throw new UsageError(`\`${name}\` must be \`shell\` or \`server__tool\``, 'classify')
  return { server: name.slice(0, parting), tool: name.slice(parting + 2), arguments: objectFrom(input) }
}

function objectFrom(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  } catch {
    // Said below, with what to do.
  }
  throw new UsageError('the arguments must be one JSON object, such as `{"path":"src/a.ts"}`', 'classify')
}

function lineOf({ action, resource, labels, opaque }: Operation): string {
  const marks = [...labels, ...(opaque ? ['not fully understood'] : [])]
  const tail = marks.length === 0 ? '' : ` [${marks.join(', ')}]`
  const [repository] = resource.type === 'Branch' ? resource.ancestors : []
  const of = repository === undefined ? '' : ` of ${entityText(repository)}`
  return plainLine(`${action} ${entityText(resource)}${of}${tail}`)
}

function factLines(typed: TypedFacts | undefined): readonly string[] {
  const found = Object.entries(typed?.found ?? {}).map(
    ([name, fact]) => `fact ${name} = ${JSON.stringify(fact.value)} (${fact.type})`,
  )
  return [...found, ...(typed?.faults ?? []).map((fault) => `denied: ${fault}`)]
}

function reasonLine({ deed, from, text }: ExplainedClassification['why'][number]): string {
  return `  ${deed}, by ${from === 'doubt' ? 'doubt' : `its ${from}`}: ${text}`
}

function definitionIn(invocation: Invocation): Pick<ClassifyOptions, 'definition'> {
  const file = textFlag(invocation, 'definition')
  if (file === undefined) return {}
  try {
    const value: unknown = JSON.parse(readFileSync(resolve(invocation.io.cwd, file), 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const definition = value as NonNullable<ClassifyOptions['definition']>
      if (typeof definition.name === 'string') return { definition }
    }
  } catch {
    // Said below, with what to do.
  }
  throw new UsageError(
    `\`${file}\` must hold one tool as JSON: \`{"name": …, "inputSchema": …}\``,
    'classify',
  )
}
