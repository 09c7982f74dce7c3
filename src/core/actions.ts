/**
 * The closed vocabulary of what an operation can be. Policies name these actions; extractors and catalogue
 * entries produce them. `policies/remit.cedarschema` declares the same words, and a test keeps the two equal.
 */
export const ACTION_GROUPS = ['read', 'write', 'execute', 'egress', 'destructive', 'administer'] as const
export type ActionGroup = (typeof ACTION_GROUPS)[number]

export const ACTIONS = {
  'file.read': ['read'],
  'file.list': ['read'],
  'file.write': ['write'],
  'file.move': ['write'],
  'file.delete': ['write', 'destructive'],
  'file.permission': ['write'],

  'code.execute': ['execute'],
  'shell.execute': ['execute'],
  'process.signal': ['execute'],

  'net.connect': ['egress'],
  'net.fetch': ['egress', 'read'],
  'net.send': ['egress', 'write'],
  'net.listen': ['execute'],

  'git.read': ['read'],
  'git.commit': ['write'],
  'git.branch': ['write'],
  'git.fetch': ['egress', 'read'],
  'git.push': ['egress', 'write'],
  'git.rewrite': ['write', 'destructive'],
  'git.delete': ['write', 'destructive'],
  'git.configure': ['write', 'administer'],

  'repo.read': ['read'],
  'repo.create': ['write'],
  'repo.configure': ['administer'],
  'repo.delete': ['destructive', 'administer'],

  'issue.read': ['read'],
  'issue.write': ['write'],
  'pr.read': ['read'],
  'pr.open': ['write'],
  'pr.update': ['write'],
  'pr.comment': ['write'],
  'pr.ready': ['write'],
  'pr.approve': ['write'],
  'pr.merge': ['write', 'destructive'],
  'pr.close': ['write'],
  'release.publish': ['write', 'egress'],

  'ci.read': ['read'],
  'ci.run': ['execute', 'write'],
  'ci.cancel': ['write'],
  'deploy.run': ['execute', 'write', 'destructive'],

  'package.install': ['write', 'egress'],
  'package.add': ['write', 'egress'],
  'package.remove': ['write'],
  'package.script': ['execute'],
  'package.publish': ['write', 'egress', 'destructive'],

  'sql.read': ['read'],
  'sql.write': ['write'],
  'sql.delete': ['write', 'destructive'],
  'sql.define': ['write', 'destructive'],
  'sql.administer': ['administer'],
  'sql.execute': ['execute'],

  'infra.read': ['read'],
  'infra.write': ['write'],
  'infra.delete': ['write', 'destructive'],
  'infra.execute': ['execute'],

  'data.read': ['read'],
  'data.write': ['write'],
  'data.delete': ['write', 'destructive'],
  'message.send': ['write', 'egress'],
  'money.send': ['write', 'egress', 'destructive'],

  'secret.read': ['read'],
  'secret.write': ['write', 'administer'],
  'account.administer': ['administer'],
  'control.weaken': ['write', 'destructive'],

  'browser.act': ['execute', 'egress'],
  'agent.configure': ['administer'],
  'agent.delegate': ['execute'],

  'tool.call': ['execute'],
  'prompt.get': ['read'],
  'resource.read': ['read'],
  'completion.complete': ['read'],
  'sampling.create': ['execute', 'egress'],
  'elicitation.create': ['execute'],
  'roots.list': ['read'],

  approve: ['administer'],
} as const satisfies Record<string, readonly ActionGroup[]>

export type Action = keyof typeof ACTIONS

export function isAction(text: string): text is Action {
  return Object.hasOwn(ACTIONS, text)
}

export function groupsOf(action: Action): readonly ActionGroup[] {
  return ACTIONS[action]
}
