// One request of HTTP, by hand: `node:http` takes longer to load than all the rest of a hook.

/**
 * @param open makes the socket.
 * @param head lines of the request, without those about its body.
 * @param deadline milliseconds.
 * @returns status and body. @throws for whatever is not a whole answer.
 */
export function exchange({ open, head, body, deadline }) {
  return new Promise((resolve, reject) => {
    const chunks = []
    const socket = open()
    const timer = setTimeout(() => socket.destroy(new Error('no answer in time')), deadline)
    socket.on('error', reject)
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('close', () => {
      clearTimeout(timer)
      try {
        resolve(parse(Buffer.concat(chunks)))
      } catch (thrown) {
        reject(thrown)
      }
    })
    const lines = [...head, 'connection: close', `content-length: ${body.length}`, '', '']
    socket.write(lines.join('\r\n'))
    socket.write(body)
  })
}

/** An answer to HTTP/1.0 comes in one piece, with its length. */
function parse(answer) {
  const end = answer.indexOf('\r\n\r\n')
  const [first = '', ...fields] = answer.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n')
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1]
  const body = answer.subarray(end + 4)
  const length = fields.map((field) => /^content-length: *(\d+) *$/i.exec(field)?.[1]).find(Boolean)
  const whole = status !== undefined && Number(length) === body.length
  if (!whole) throw new Error('no whole answer')
  return { status: Number(status), body }
}
