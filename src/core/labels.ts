/** The closed vocabulary of labels on resources, operations and results, with what each means. */
export const LABELS = {
  // What a resource is.
  source: 'ordinary source, test or documentation file inside the workspace',
  secret: 'holds or is a credential, key or token',
  ci: 'defines a CI/CD pipeline',
  'agent-config': 'steers a coding agent: its settings, instructions, hooks or MCP servers',
  'git-hook': 'runs by itself when git acts',
  'editor-task': 'runs by itself when an editor opens the folder',
  'git-internal': 'lies in a repository’s .git folder',
  lockfile: 'pins dependencies',
  generated: 'made by tools from other files, or fetched by them, and made again by them',
  manifest: 'declares dependencies or package scripts',
  auth: 'authentication or authorization code',
  'security-control': 'a scanner, linter or test rule that protects the project',
  infra: 'declares infrastructure',
  'infra-state': 'holds the state of infrastructure, often with secrets in it',
  executable: 'would be run by the shell or the system when it is written',
  'customer-data': 'holds data of customers',
  production: 'belongs to production',
  protected: 'a protected branch, tag or environment',
  // Where it lies.
  'outside-workspace': 'a path outside the task’s workspace',
  'home-config': 'configuration of the human who owns the machine',
  system: 'belongs to the operating system',
  'remit-control': 'Remit’s own state, policies, configuration, program or ports',
  unresolved: 'a path on a file system that the gateway cannot see, known by its text only',
  symlink: 'reached through a symbolic link',
  private: 'a private, loopback or link-local network address',
  metadata: 'a cloud metadata service',
  internal: 'a host of the organisation’s own network',
  'other-repository':
    'a repository that the task’s workspace has nothing to do with: neither its own nor a remote of it',
  // What is not known.
  unclassified: 'a tool that neither the catalogue nor an administrator describes',
  inferred: 'classified by inference, not by a catalogue entry',
  obfuscated: 'written so that a reader cannot tell what it does',
  unseen: 'runs text that is fetched or computed only then, so that nobody can be shown it',
  // What content carries.
  untrusted: 'text from somebody other than the delegating human',
} as const

export type Label = keyof typeof LABELS

export function isLabel(text: string): text is Label {
  return Object.hasOwn(LABELS, text)
}
