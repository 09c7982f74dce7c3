// What is grave wants the human once more: the gateway says so, and with what.
import { usePasskey } from './passkey.js'
import { Refused } from './send.js'

/**
 * @template Result
 * @param {(assertion: unknown) => Promise<Result>} send
 * @returns {Promise<Result>}
 */
export async function withPasskey(send) {
  try {
    return await send(undefined)
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== 'step_up_needed' || error.data.options === undefined)
      throw error
    return send(await usePasskey(error.data.options))
  }
}
