/** What a policy reads, by how its path begins, and where the gateway has it from; the first that fits. */
const SOURCES: readonly (readonly [begins: string, from: string])[] = [
  ['context.history', 'counted by the gateway over the whole tree of tasks'],
  ['context.environment', 'the task’s claim, or what its workload proved'],
  ['context.sandboxed', 'the task’s claim, or what its workload proved'],
  ['context.protection', 'how the gateway is installed'],
  ['context.outside', 'the call against the scope of the task and those above it'],
  ['context.budget', 'counted by the gateway against the budget of the task'],
  ['context.exhausted', 'counted by the gateway against the budget of the task'],
  ['context.loop', 'counted by the gateway over the tree of tasks'],
  ['context.pinned', 'the reviews of the server’s tools'],
  ['context.inferred', 'no catalogue entry: Remit inferred what the tool does'],
  ['context.taskState', 'the task in the store, and what was stopped by hand'],
  ['context.approvals', 'consent that people gave'],
  ['context.provenance', 'what the tree of tasks was answered before'],
  ['context.workload', 'the verified token of the workload'],
  ['context.typed', 'the arguments, as `remit.yaml` types them'],
  ['context.now', 'the gateway’s clock'],
  ['context.hour', 'the gateway’s clock'],
  ['context.weekday', 'the gateway’s clock'],
  ['context.holderBound', 'the proof of the task’s key'],
  ['context.hooked', 'the hooks of the task’s agent, as this gateway heard them'],
  ['context.', 'the gateway, about this call'],
  ['resource.labels', 'classification of the target: catalogue, configuration, what it is called'],
  ['resource', 'the arguments of the call'],
  ['principal.human', 'who delegated'],
  ['principal in', 'teams and roles of the human, as they were then'],
  ['principal', 'the task, as it was delegated'],
]

/** Where the value of a fact came from, in words. @param path as `explain` names it: `context.hour`, `resource.labels`. */
export function sourceOfFact(path: string): string {
  return SOURCES.find(([begins]) => path.startsWith(begins))?.[1] ?? 'the policies’ entities'
}
