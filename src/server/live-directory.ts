import { isDeepStrictEqual } from 'node:util'
import { DEFAULT_CONSENT_LIMITS, type ConsentLimits } from '../core/consent-limits.ts'
import type { HumanId } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import type { LoopLimits } from '../core/loop.ts'
import type { CoverBook } from '../gate/covers/known-covers.ts'
import type { DirectoryChanges } from '../gate/server-list.ts'
import { directoryOf, type HumanDirectory } from '../identity/human-directory.ts'
import type { ProvisionedPeople } from '../login/oidc/provisioned-people.ts'
import type { WorkflowTemplate } from '../identity/workflow.ts'
import type { WorkloadRule } from '../identity/workload-rule.ts'
import type { Config } from './config-schema.ts'
import type { LoadedConfig } from './load-config.ts'
import { resolveHumans } from './resolve-humans.ts'
import { workflowTemplates } from './workflow-templates.ts'
import { type WorkloadRuleOptions, workloadRules } from './workload-rules.ts'

const PARTS = ['humans', 'workflows', 'workloads'] as const

/** Who is known here, and which tasks may be begun: the objects stay the same while what is in them changes. */
export class LiveDirectory {
  readonly #options: WorkloadRuleOptions
  readonly #humans: Human[] = []
  readonly #workflows = new Map<string, WorkflowTemplate>()
  /** Also of workflows that went: tasks of theirs may still run, and go on being watched. */
  readonly #loops = new Map<string, LoopLimits | undefined>()
  readonly #consents = new Map<string, ConsentLimits | undefined>()
  readonly #listeners: (() => void)[] = []
  #others: ProvisionedPeople | undefined
  #covers: CoverBook | undefined
  #directory: HumanDirectory = directoryOf([])
  #workloads: readonly WorkloadRule[] = []
  #config: Config
  /** For whom the credential on disk stands, as long as they are here: nobody else inherits it. */
  readonly owner: HumanId | undefined

  constructor(first: LoadedConfig, options: WorkloadRuleOptions) {
    this.#options = options
    this.#config = first.config
    this.#put(first)
    this.owner = this.#humans[0]?.id
  }

  get humans(): readonly Human[] {
    return this.#humans
  }

  get workflows(): ReadonlyMap<string, WorkflowTemplate> {
    return this.#workflows
  }

  get workloads(): readonly WorkloadRule[] {
    return this.#workloads
  }

  /** Asked live: never keep what it answers. */
  readonly directory: HumanDirectory = {
    find: (tenant, id) => this.#directory.find(tenant, id) ?? this.#others?.find(tenant, id),
    list: (tenant) => {
      const configured = this.#directory.list(tenant)
      const others = this.#others?.list(tenant) ?? []
      const names = new Set(configured.map(({ id }) => id))
      return others.length === 0 ? configured : [...configured, ...others.filter(({ id }) => !names.has(id))]
    },
    enrolled: (tenant) => {
      const configured = this.#directory.list(tenant).map(({ id }) => id)
      return [...new Set([...configured, ...(this.#others?.enrolled?.(tenant) ?? [])])]
    },
    catchUp: (revision) => {
      const waits = [this.#others?.catchUp(revision), this.#covers?.catchUp(revision)].filter(
        (wait) => wait !== undefined,
      )
      return waits.length === 0 ? undefined : all(waits)
    },
  }

  /** Those of the configuration file alone. */
  readonly configured: Pick<HumanDirectory, 'find'> = {
    find: (tenant, id) => this.#directory.find(tenant, id),
  }

  /** Who a member of Slack is, by the configuration file. */
  bySlack(member: string): Human | undefined {
    const found = this.#config.humans.find(({ slack }) => slack === member)
    return this.#humans.find(({ id }) => id === found?.id)
  }

  /** Members of Slack who are of a role or team. */
  inSlack(group: string): readonly { readonly human: HumanId; readonly member: string }[] {
    return this.#humans.flatMap(({ id, roles, teams }) => {
      const member = this.#config.humans.find((each) => each.id === id)?.slack
      const isOfIt = roles.includes(group) || teams.includes(group)
      return member !== undefined && isOfIt ? [{ human: id, member }] : []
    })
  }

  /** People whom others vouch for. Of two with one name the one of the file counts. */
  join(others: ProvisionedPeople): void {
    this.#others = others
    others.onChange(() => {
      for (const listener of this.#listeners) listener()
    })
  }

  /** Who is away, and who agrees for whom, is no older than who is known. */
  follow(covers: CoverBook): void {
    this.#covers = covers
  }

  loopLimits(workflow: string): LoopLimits | undefined {
    return this.#loops.get(workflow)
  }

  consentLimits(workflow: string): ConsentLimits {
    return this.#consents.get(workflow) ?? DEFAULT_CONSENT_LIMITS
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  /** @returns undefined when nothing would change. */
  compare(next: Config): DirectoryChanges | undefined {
    const changes = Object.fromEntries(
      PARTS.map((part) => [part, differences(partOf(this.#config, part), partOf(next, part))]),
    ) as unknown as DirectoryChanges
    const news = PARTS.some((part) => Object.values(changes[part]).some((names) => names.length > 0))
    return news ? changes : undefined
  }

  take(next: LoadedConfig): void {
    this.#put(next)
    for (const listener of this.#listeners) listener()
  }

  /** These people are gone, whatever else waits. */
  drop(gone: readonly string[]): void {
    const humans = this.#config.humans.filter(({ id }) => !gone.includes(id))
    this.#config = { ...this.#config, humans }
    this.#enrol(this.#humans.filter(({ id }) => !gone.includes(id)))
    for (const listener of this.#listeners) listener()
  }

  #put(next: LoadedConfig): void {
    const before = { config: this.#config, rules: this.#workloads }
    this.#workloads = workloadRules(next, this.#options, before)
    this.#config = next.config
    this.#enrol(resolveHumans(next.config))
    this.#workflows.clear()
    for (const [name, template] of workflowTemplates(next.config)) {
      this.#workflows.set(name, template)
      this.#loops.set(name, template.loops)
      this.#consents.set(name, template.consent)
    }
  }

  #enrol(humans: readonly Human[]): void {
    this.#directory = directoryOf(humans)
    this.#humans.splice(0, this.#humans.length, ...humans)
  }
}

async function all(waits: readonly Promise<void>[]): Promise<void> {
  await Promise.all(waits)
}

/** Whether somebody could do more, or do it more easily: all but people, workflows and workloads that go. */
export function mayLoosenDirectory(changes: DirectoryChanges | undefined): boolean {
  if (changes === undefined) return false
  return PARTS.some((part) => changes[part].added.length > 0 || changes[part].changed.length > 0)
}

function partOf(config: Config, part: (typeof PARTS)[number]): ReadonlyMap<string, unknown> {
  const { humans } = config
  return part === 'humans'
    ? new Map(humans.map((human) => [human.id, human]))
    : new Map(Object.entries(config[part]))
}

function differences(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): DirectoryChanges['humans'] {
  return {
    added: [...after.keys()].filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
    changed: [...after.keys()].filter(
      (name) => before.has(name) && !isDeepStrictEqual(before.get(name), after.get(name)),
    ),
  }
}
