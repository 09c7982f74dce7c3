import { type ReactNode, useState } from 'react'
import { Button, Dialog, Heading, Input, Label, Modal, ModalOverlay, TextField } from 'react-aria-components'
import { wordsOf } from '../gateway.ts'
import { Problem } from './notes.tsx'

/** Asks for a reason before something that counts, and stays open when it did not work. */
export function AskDialog(asked: {
  readonly title: string
  readonly label: string
  readonly act: string
  readonly grave?: boolean
  readonly needed?: boolean
  readonly children?: ReactNode
  readonly close: () => void
  readonly run: (words: string) => Promise<void>
}) {
  const [words, setWords] = useState('')
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const run = (): void => {
    setBusy(true)
    asked.run(words.trim()).then(asked.close, (thrown: unknown) => {
      setBusy(false)
      setProblem(wordsOf(thrown))
    })
  }
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={asked.close}>
      <Modal className="modal">
        <Dialog>
          <form
            onSubmit={(event) => {
              event.preventDefault()
              run()
            }}
          >
            <Heading slot="title">{asked.title}</Heading>
            {asked.children}
            <TextField
              autoFocus
              value={words}
              onChange={setWords}
              maxLength={2_000}
              isRequired={asked.needed === true}
            >
              <Label>{asked.label}</Label>
              <Input />
            </TextField>
            <Problem words={problem} />
            <div className="row end">
              <Button onPress={asked.close}>Cancel</Button>
              <Button
                type="submit"
                className={asked.grave === true ? 'main danger' : 'main'}
                isDisabled={busy}
              >
                {asked.act}
              </Button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
