import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Classification, Classifier } from '../../src/classify/classify.ts'
import { createClassifier } from '../../src/classify/create-classifier.ts'
import type { Decision } from '../../src/core/decision.ts'
import type { ServerKey } from '../../src/core/ids.ts'
import type { Json } from '../../src/core/json.ts'
import { loadPolicySet } from '../../src/policy/load-policy-set.ts'
import type { LoadedPolicySet } from '../../src/policy/policy-set.ts'
import { ADA, chain, FACTS, PACK, SCHEMA_FILE, task } from '../policy/samples.ts'
import { parsedBefore } from './shared-caches.ts'

/** Public corpora, kept beside the project and never in it. */
const CORPUS = process.env['REMIT_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus')

/** A corpus file, or `undefined` where it is not present. */
export function readCorpus(name: string): unknown {
  const file = join(CORPUS, name)
  if (!existsSync(file)) return undefined
  const raw = readFileSync(file)
  const text = (name.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8')
  if (!name.includes('.jsonl')) return JSON.parse(text)
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as object)
    .filter((item) => !('_provenance' in item))
}

/** A workspace as a small project has it, with the classifier and the default pack. */
export class CommandDesk {
  readonly workspace: string
  readonly classifier: Classifier
  readonly #policies: LoadedPolicySet

  private constructor(workspace: string, policies: LoadedPolicySet) {
    this.workspace = workspace
    this.#policies = policies
    this.classifier = createClassifier({
      servers: new Map(),
      control: { folders: ['/home/u/.local/state/remit'], files: [], ports: [7410, 7411] },
      home: '/home/u',
      agents: 'shipped',
    })
  }

  static async open(pack = PACK): Promise<CommandDesk> {
    const workspace = mkdtempSync(join(realpathSync(tmpdir()), 'remit-shell-'))
    for (const file of [
      'src/a.ts',
      'src/b.py',
      'README.md',
      'package.json',
      'a.ts',
      'test/a.test.ts',
      '.git/HEAD',
      '.env',
    ]) {
      mkdirSync(dirname(join(workspace, file)), { recursive: true })
      writeFileSync(join(workspace, file), '')
    }
    writeFileSync(
      join(workspace, '.git/config'),
      '[remote "origin"]\n\turl = https://github.com/acme/app.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n',
    )
    return new CommandDesk(
      workspace,
      await loadPolicySet({ folders: [pack], schemaFile: SCHEMA_FILE, ...parsedBefore() }),
    )
  }

  classify(command: Json, tool = 'Bash'): Classification {
    return this.classifier.classify(
      {
        door: 'hook',
        kind: 'tool',
        server: 'claude-code' as ServerKey,
        tool,
        arguments: { command },
        fileSystem: 'shared',
        correlation: { requestId: '1' },
      },
      { workspace: this.workspace },
    )
  }

  decide(command: Json, where: 'laptop' | 'sandbox', classified = this.classify(command)): Decision {
    const proved = where === 'sandbox' ? { environment: 'sandbox', environmentProved: true } : {}
    return this.#policies.decide({
      chain: chain(task(proved)),
      human: ADA,
      operations: classified.operations,
      facts: {
        ...FACTS,
        door: 'hook',
        server: 'claude-code',
        tool: 'Bash',
        inferred: classified.inferred,
        environment: where,
        sandboxed: where === 'sandbox',
        outside: classified.operations.map(() => []),
      },
    })
  }

  close(): void {
    rmSync(this.workspace, { recursive: true })
  }
}
