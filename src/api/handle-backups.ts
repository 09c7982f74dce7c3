import { type BackupAnswer, backupBody } from './backup-contract.ts'
import { actorOf, type Handler, parseBody } from './route.ts'

export const noteBackup: Handler = async ({ backupControl }, request) => {
  await backupControl.note(actorOf(request), parseBody(backupBody, request.body))
  return { status: 201, json: { noted: true } satisfies BackupAnswer }
}
