import type { Protection } from '../core/facts.ts'

export interface ProtectionReport {
  readonly level: Protection
  readonly reason: string
}

/**
 * What the gateway can prove about itself, never what somebody claims. Nothing can prove yet that agents run
 * in a sandbox or as another OS user, so there is one answer; the sandboxed workspace will bring the other.
 */
export function protectionReport(): ProtectionReport {
  return {
    level: 'advisory',
    reason:
      'agents may run code as the gateway’s own OS user outside a sandbox, and could then go around the gateway',
  }
}
