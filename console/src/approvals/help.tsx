import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'

const KEYS: readonly (readonly [string, string])[] = [
  ['J, K', 'next, previous'],
  ['Enter', 'open'],
  ['A', 'open the request; once it is open, go to its approve button'],
  ['R', 'refuse, with a comment'],
  ['X', 'tick; only requests of one risk go together, and none of high severity'],
  ['Esc', 'back to the list'],
  ['?', 'this help'],
]

export function Help({ close }: { readonly close: () => void }) {
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={close}>
      <Modal className="modal">
        <Dialog>
          <Heading slot="title">Keys</Heading>
          <dl className="keys">
            {KEYS.map(([key, words]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
          <div className="row end">
            <Button autoFocus onPress={close}>
              Close
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
