import { Tag } from '../parts/notes.tsx'
import { type PromptSection, promptSections } from './prompt-sections.ts'

/** The text that is decided about, whole and in its order; only its looks are ours. */
export function PromptView({ prompt }: { readonly prompt: string }) {
  return promptSections(prompt).map((section) => <Section key={section.title} section={section} />)
}

function Section({ section }: { readonly section: PromptSection }) {
  const { title, author, claim, lines } = section
  return (
    <section className={claim ? 'part claim' : 'part'}>
      <h3>
        {title} {claim ? <Tag kind="medium">claim</Tag> : null}
        {author === undefined ? null : <small>{author}</small>}
      </h3>
      {/* Text of strangers: each line is one, in one direction, with what has no ink written out. */}
      <pre dir="ltr" tabIndex={0} aria-label={title}>
        {lines.map((line, index) => (
          <span key={index} className={lookOf(section, line)}>
            {`${line}\n`}
          </span>
        ))}
      </pre>
    </section>
  )
}

function lookOf({ title }: PromptSection, line: string): string {
  if (!/^(Change|New file)/.test(title)) return ''
  return line.startsWith('+') ? 'added' : /^[-−]/.test(line) ? 'removed' : ''
}
