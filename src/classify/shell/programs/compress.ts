import { applySpec } from '../apply-spec.ts'
import type { ProgramReader } from '../command-site.ts'
import { readOptions } from '../read-options.ts'
import type { ProgramSpec } from '../spec.ts'

/** A program that puts a compressed or a plain file in the place of another: what it reads, and what it writes. */
export function compressor(suffix: string, spec: ProgramSpec): ProgramReader {
  return (site) => {
    const clear = applySpec(spec, site)
    const { positional, given } = readOptions(spec, site.args)
    const has = (...names: readonly string[]) => names.some((name) => given.has(name))
    if (has('c', 'stdout', 'to-stdout', 't', 'test', 'l', 'list', 'o')) return clear
    const unpacks = has('d', 'decompress', 'uncompress') || /^(g|b)?un/.test(site.program)
    for (const file of positional) {
      if (file.kind !== 'literal' || file.text === '-') continue
      const text = unpacks ? file.text.replace(/\.[^./]*$/, '') : file.text + suffix
      site.findings.path({ ...file, text }, ['file.write'], { cwd: site.cwd })
    }
    const plain = positional.every(({ kind }) => kind === 'literal')
    // With the name that the archive says, with another ending, or of every file below: nobody here knows the names.
    return (
      clear && (plain || !unpacks) && !has('r', 'recursive', 'S', 'suffix') && !(unpacks && has('N', 'name'))
    )
  }
}

/** gzip 1.13, bzip2 1.0, xz 5.6, Zstandard 1.5, LZ4 1.10. */
export const COMPRESSORS: Readonly<Record<string, readonly [suffix: string, spec: ProgramSpec]>> = {
  gzip: [
    '.gz',
    {
      flags: 'cdfklnNqrtv123456789',
      long: 'decompress uncompress keep force list test stdout to-stdout fast best no-name name quiet recursive verbose',
      values: { plain: 'S suffix' },
      rest: 'move',
    },
  ],
  bzip2: [
    '.bz2',
    { flags: 'cdfkqtvz123456789', long: 'decompress keep force stdout test verbose', rest: 'move' },
  ],
  xz: [
    '.xz',
    {
      flags: 'cdfklqtvz0123456789e',
      long: 'decompress keep force stdout list test verbose extreme',
      values: { plain: 'T threads S suffix' },
      rest: 'move',
    },
  ],
  zstd: [
    '.zst',
    {
      flags: 'cdfklqtv123456789',
      long: 'rm keep decompress force stdout test',
      values: { plain: 'T', write: 'o' },
      rest: 'move',
    },
  ],
  lz4: ['.lz4', { flags: 'cdfkqtvz123456789', long: 'rm keep decompress force stdout test', rest: 'move' }],
}

/** Each under the names that it goes by. */
export const COMPRESSOR_NAMES: Readonly<Record<string, readonly string[]>> = {
  gzip: ['gzip', 'gunzip', 'pigz', 'unpigz'],
  bzip2: ['bzip2', 'bunzip2'],
  xz: ['xz', 'unxz'],
  zstd: ['zstd', 'unzstd'],
  lz4: ['lz4', 'unlz4'],
}
