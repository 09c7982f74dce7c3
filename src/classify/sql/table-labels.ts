import type { Label } from '../../core/labels.ts'

/** Words of table names, by convention; an administrator knows better. */
const CUSTOMERS =
  /(?:^|_)(?:customers?|clients?|patients?|persons?|people|employees?|applicants?|subscribers?|guests?|passports?|ssns?|salar(?:y|ies)|payroll|medical|diagnos[ei]s|credit_?cards?|bank_?accounts?|kyc|pii)(?:_|$)/
const SECRETS =
  /(?:^|_)(?:secrets?|credentials?|passwords?|api_?keys?|private_?keys?|access_?tokens?|refresh_?tokens?|auth_?tokens?)(?:_|$)|^pg_(?:shadow|authid|user_mappings?|largeobject)$/
const PRODUCTION = /(?:^|[_-])(?:prod|production|live)(?:[_-]|$)/

export function labelTable(name: string): readonly Label[] {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  const parts = words.split('.')
  const labels: Label[] = []
  if (parts.some((part) => CUSTOMERS.test(part))) labels.push('customer-data')
  if (parts.some((part) => SECRETS.test(part))) labels.push('secret')
  if (parts.some((part) => PRODUCTION.test(part))) labels.push('production')
  return labels
}
