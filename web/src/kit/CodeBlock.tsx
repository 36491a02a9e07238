// What can I paste, and does it fit on my screen?
import { CopyButton } from './CopyButton'
import classes from './CodeBlock.module.css'

interface CodeBlockProps {
  code: string
  /** What the code is, read out and shown above it: "curl". */
  label: string
  wrap?: boolean
}

export function CodeBlock({ code, label, wrap = false }: CodeBlockProps) {
  return (
    <figure className={classes.block}>
      <figcaption className={classes.caption}>
        <span>{label}</span>
        <CopyButton text={code} what={label} showWord />
      </figcaption>
      <pre className={classes.code} data-wrap={wrap || undefined} tabIndex={0} aria-label={label}>
        {code}
      </pre>
    </figure>
  )
}
