/** One of a few words, or all. @param props.words what each is called; absent = as it is. */
export function Choice(props: {
  readonly name: string
  readonly value: string
  readonly of: readonly string[]
  readonly words?: (value: string) => string
  readonly choose: (value: string) => void
}) {
  return (
    <label>
      {props.name}
      <select value={props.value} onChange={(event) => props.choose(event.target.value)}>
        <option value="">all</option>
        {props.of.map((each) => (
          <option key={each} value={each}>
            {props.words?.(each) ?? each}
          </option>
        ))}
      </select>
    </label>
  )
}
