// Why did the form not go through? Beside the button, with what was typed still there.
import { described } from '@/kit'
import classes from './auth.module.css'

export function Failure({ error }: { error: Error }) {
  const { message, hint } = described(error)
  return (
    <div className={classes.failure} role="alert">
      <strong>{message}</strong>
      {hint && <span>{hint}</span>}
    </div>
  )
}
