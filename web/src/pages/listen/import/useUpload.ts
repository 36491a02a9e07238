// How does a file travel from this device to the engine, and how far is it?
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ApiFailure } from '@/api/client'
import { uploadsQuery } from '@/api/importQueries'
import type { ErrorBody, Upload } from '@/api/types'

export type Sending =
  | { state: 'idle' }
  | { state: 'sending'; name: string; n_bytes: number; n_sent: number }
  | { state: 'failed'; name: string; error: ApiFailure }

const IDLE: Sending = { state: 'idle' }

/** Sends one file at a time. `fetch` cannot say how much of a body is sent, so this does not. */
export function useUpload(onThere: (upload: Upload) => void) {
  const client = useQueryClient()
  const [sending, setSending] = useState<Sending>(IDLE)
  const request = useRef<XMLHttpRequest | null>(null)
  useEffect(() => () => request.current?.abort(), [])

  const send = (file: File) => {
    const sender = new XMLHttpRequest()
    request.current = sender
    const about = { name: file.name, n_bytes: file.size }
    setSending({ state: 'sending', ...about, n_sent: 0 })
    const fail = (error: ApiFailure) => setSending({ state: 'failed', name: file.name, error })
    sender.upload.onprogress = (event) =>
      setSending({ state: 'sending', ...about, n_sent: event.loaded })
    sender.onerror = () => fail(unreachable())
    sender.onabort = () => setSending(IDLE)
    sender.onload = () => {
      const answer = answerOf(sender)
      if (answer instanceof ApiFailure) return fail(answer)
      setSending(IDLE)
      void client.invalidateQueries({ queryKey: uploadsQuery.queryKey })
      onThere(answer)
    }
    sender.open('POST', `/api/uploads?file_name=${encodeURIComponent(file.name)}`)
    sender.setRequestHeader('x-rapport-csrf', '1')
    sender.setRequestHeader('content-type', 'application/octet-stream')
    sender.send(file)
  }
  return { sending, send, cancel: () => request.current?.abort() }
}

function answerOf(sender: XMLHttpRequest): Upload | ApiFailure {
  const body = parsed(sender.responseText)
  if (sender.status === 200) return body as Upload
  const told = (body as Partial<ErrorBody> | null)?.error
  if (told) return new ApiFailure(told.kind, told.message, told.hint, told.field, sender.status)
  return new ApiFailure(
    'internal',
    `The engine answered with status ${sender.status} and no explanation.`,
    'A proxy in front of it may allow smaller uploads only.',
    null,
    sender.status,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function unreachable(): ApiFailure {
  return new ApiFailure(
    'unreachable',
    'The file did not arrive: the connection broke off.',
    'Nothing of it was kept. Check that this device is online and choose the file again.',
  )
}
