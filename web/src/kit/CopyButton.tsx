// How does a text get to the clipboard, and how do I know that it did?
import { useEffect, useState } from 'react'
import { Icon } from './Icon'
import classes from './CopyButton.module.css'

interface CopyButtonProps {
  text: string
  /** What is copied, for the reader of the button: "write key". */
  what: string
  showWord?: boolean
}

type Outcome = 'idle' | 'copied' | 'failed'

const words: Record<Outcome, string> = { idle: 'Copy', copied: 'Copied', failed: 'Not copied' }

export function CopyButton({ text, what, showWord = false }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<Outcome>('idle')

  useEffect(() => {
    if (outcome === 'idle') return
    const timer = setTimeout(() => setOutcome('idle'), 2000)
    return () => clearTimeout(timer)
  }, [outcome])

  const copy = () =>
    copyText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    )

  return (
    <button
      type="button"
      className={classes.button}
      data-outcome={outcome}
      onClick={copy}
      aria-label={outcome === 'idle' ? `Copy ${what}` : `${words[outcome]}: ${what}`}
      title={`${words[outcome]} ${outcome === 'idle' ? what : ''}`.trim()}
    >
      <Icon name={outcome === 'copied' ? 'check' : outcome === 'failed' ? 'x' : 'copy'} size={14} />
      {showWord && <span>{words[outcome]}</span>}
    </button>
  )
}

// The clipboard interface exists only on https and on loopback; elsewhere a selection does it.
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  if (!done) throw new Error('the browser refused to copy')
}
