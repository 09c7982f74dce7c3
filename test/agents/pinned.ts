/** The package on npm, the one version that was tried, and the program in it. */
export interface Pinned {
  readonly package: string
  readonly version: string
  readonly binary: string
}

/** Every agent that is run for real. docs/hooks.md says the same versions. */
export const PINNED = {
  'claude-code': { package: '@anthropic-ai/claude-code', version: '2.1.330', binary: 'claude' },
  codex: { package: '@openai/codex', version: '0.169.0', binary: 'codex' },
  'gemini-cli': { package: '@google/gemini-cli', version: '0.61.0', binary: 'gemini' },
  'copilot-cli': { package: '@github/copilot', version: '1.0.102', binary: 'copilot' },
  opencode: { package: 'opencode-ai', version: '1.18.33', binary: 'opencode' },
  cline: { package: 'cline', version: '3.0.65', binary: 'cline' },
} as const satisfies Record<string, Pinned>

export type AgentName = keyof typeof PINNED
