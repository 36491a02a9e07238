// What could I ask first?
import { examples } from './examples'
import classes from './sql.module.css'

export function Examples({ onOpen }: { onOpen: (query: string) => void }) {
  return (
    <section className={classes.examples} aria-labelledby="sql-examples">
      <h2 id="sql-examples">Begin with a question</h2>
      <ul>
        {examples.map(({ name, shows, query }) => (
          <li key={name}>
            <button type="button" className={classes.exampleLine} onClick={() => onOpen(query)}>
              <span className={classes.exampleName}>{name}</span>
              <span className={classes.exampleShows}>{shows}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
