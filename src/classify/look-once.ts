import type { FileSystem } from './file-system.ts'

/**
 * The same file system, seen at one moment: what one call asks about twice is looked at once, so that all that is said
 * of the call is said of the same files. Made for each call and forgotten with it.
 */
export function lookOnce(fs: FileSystem): FileSystem {
  return {
    ...fs,
    source: fs.source ?? fs,
    realpath: remembered((path: string) => fs.realpath(path)),
    entry: remembered((path: string) => fs.entry(path)),
    ...(fs.stamp === undefined ? {} : { stamp: remembered((path: string) => fs.stamp?.(path)) }),
  }
}

type Answer<Value> = { readonly value: Value } | { readonly thrown: unknown }

/** What is refused is refused again. */
function remembered<Value>(look: (path: string) => Value): (path: string) => Value {
  const answers = new Map<string, Answer<Value>>()
  return (path) => {
    let answer = answers.get(path)
    if (answer === undefined) {
      answer = answerOf(look, path)
      answers.set(path, answer)
    }
    if ('thrown' in answer) throw answer.thrown
    return answer.value
  }
}

function answerOf<Value>(look: (path: string) => Value, path: string): Answer<Value> {
  try {
    return { value: look(path) }
  } catch (thrown) {
    return { thrown }
  }
}
