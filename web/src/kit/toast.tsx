// What just happened, and how do I take it back?
import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react'
import { Icon } from './Icon'
import classes from './toast.module.css'

const SHOWN_MS = 6_000
const SHOWN_WITH_UNDO_MS = 10_000
const AT_MOST = 3

interface Toast {
  id: number
  text: string
  tone: 'done' | 'failed'
  undo?: () => void
}

interface Toaster {
  done: (text: string, undo?: () => void) => void
  failed: (text: string) => void
}

const Context = createContext<Toaster>({ done: () => {}, failed: () => {} })

export const useToast = () => useContext(Context)

let lastId = 0

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([])

  const add = useCallback((toast: Omit<Toast, 'id'>) => {
    lastId += 1
    const id = lastId
    setToasts((shown) => [...shown.slice(1 - AT_MOST), { ...toast, id }])
  }, [])
  const [toaster] = useState<Toaster>(() => ({
    done: (text, undo) => add({ text, undo, tone: 'done' }),
    failed: (text) => add({ text, tone: 'failed' }),
  }))
  const remove = useCallback((id: number) => setToasts((all) => all.filter((t) => t.id !== id)), [])

  return (
    <Context value={toaster}>
      {children}
      <div className={classes.region} role="status" aria-live="polite">
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onGone={remove} />
        ))}
      </div>
    </Context>
  )
}

interface ToastCardProps {
  toast: Toast
  onGone: (id: number) => void
}

function ToastCard({ toast, onGone }: ToastCardProps) {
  const [held, setHeld] = useState(false)

  useEffect(() => {
    if (held) return
    const shownFor = toast.undo ? SHOWN_WITH_UNDO_MS : SHOWN_MS
    const timer = setTimeout(() => onGone(toast.id), shownFor)
    return () => clearTimeout(timer)
  }, [held, toast, onGone])

  const undo = () => {
    toast.undo?.()
    onGone(toast.id)
  }

  return (
    <div
      className={classes.toast}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon name={toast.tone === 'done' ? 'check' : 'circle-alert'} size={16} />
      <span className={classes.text}>{toast.text}</span>
      {toast.undo && (
        <button type="button" className={classes.undo} onClick={undo}>
          Undo
        </button>
      )}
      <button
        type="button"
        className={classes.close}
        aria-label="Dismiss this message"
        onClick={() => onGone(toast.id)}
      >
        <Icon name="x" size={14} />
      </button>
    </div>
  )
}
