// What was just made and will not be shown again?
import { Button } from '@mantine/core'
import { CodeBlock, Notice } from '@/kit'
import classes from './settings.module.css'

interface MadeSecretProps {
  text: string
  label: string
  words: string
  onDone: () => void
}

export function MadeSecret({ text, label, words, onDone }: MadeSecretProps) {
  return (
    <div className={classes.secret} role="status">
      <Notice tone="good">{words}</Notice>
      <CodeBlock code={text} label={label} wrap />
      <div>
        <Button variant="default" onClick={onDone}>
          I have it
        </Button>
      </div>
    </div>
  )
}
