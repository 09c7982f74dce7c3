import { RemitError } from '../../../core/errors.ts'

/** Revisions of the initialize era, newest first. One folder serves them all: they differ in what is optional. */
const LEGACY_VERSIONS: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05']

/** https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#version-negotiation */
export function negotiate(requested: string): string {
  return LEGACY_VERSIONS.includes(requested) ? requested : (LEGACY_VERSIONS[0] ?? requested)
}

/**
 * @returns the version of a header, or undefined when none was sent.
 * @throws RemitError `version_unsupported`.
 */
export function readLegacyVersion(header: string | undefined): string | undefined {
  if (header === undefined || LEGACY_VERSIONS.includes(header)) return header
  throw new RemitError('version_unsupported', `the protocol version \`${header}\` is not served`, {
    data: { supported: LEGACY_VERSIONS, requested: header },
  })
}
