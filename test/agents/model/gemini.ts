import type { ServerResponse } from 'node:http'
import { isJsonObject, type JsonObject } from '../../../src/core/json.ts'
import { objectsIn, openingOf, textIn } from './body.ts'
import type { Asked, Chosen } from './script.ts'
import { sendJson, stream } from './sse.ts'

/** Google's generateContent, as Gemini CLI speaks it. */
export function askedOfGemini(body: JsonObject): Asked {
  const parts = objectsIn(body['contents']).flatMap((content) => objectsIn(content['parts']))
  return {
    opening: openingOf(objectsIn(body['contents'])),
    tools: objectsIn(body['tools'])
      .flatMap((tool) => objectsIn(tool['functionDeclarations']))
      .map((tool) => textIn(tool, 'name')),
    results: parts
      .filter((part) => isJsonObject(part['functionResponse']))
      .map((part) => JSON.stringify(part)),
  }
}

export function answerGemini(response: ServerResponse, url: string, chosen: Chosen): void {
  const part =
    chosen.kind === 'text'
      ? { text: chosen.text }
      : { functionCall: { name: chosen.name, args: chosen.args } }
  const answer = {
    candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
    modelVersion: 'scripted',
  }
  if (url.includes(':generateContent')) {
    sendJson(response, answer)
    return
  }
  stream(response)(answer)
  response.end()
}
