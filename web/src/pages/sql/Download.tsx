// How do I take all rows with me?
import { Button, Menu } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { described, Icon, QuietButton, useToast } from '@/kit'
import { bytes } from '@/kit/number'
import { fileOf, type FileFormat } from './queries'

const files: Record<FileFormat, { name: string; ending: string }> = {
  csv: { name: 'CSV', ending: 'csv' },
  arrow: { name: 'Arrow', ending: 'arrows' },
}

interface DownloadProps {
  query: string
  isCut: boolean
}

export function Download({ query, isCut }: DownloadProps) {
  const [fetching, setFetching] = useState<FileFormat | null>(null)
  const request = useRef<AbortController>(null)
  const toast = useToast()
  useEffect(() => () => request.current?.abort(), [])

  const fetchAs = async (format: FileFormat) => {
    const own = new AbortController()
    request.current = own
    setFetching(format)
    try {
      const file = await fileOf(query, format, own.signal)
      give(file, `rapport.${files[format].ending}`)
      toast.done(`The file has ${bytes(file.size)}.`)
    } catch (error) {
      if (!own.signal.aborted) toast.failed(`No file: ${described(error).message}`)
    }
    if (request.current === own) setFetching(null)
  }
  if (fetching) {
    return (
      <span role="status">
        Fetching the rows as {files[fetching].name}.{' '}
        <QuietButton
          onClick={() => {
            request.current?.abort()
            setFetching(null)
          }}
        >
          Stop it
        </QuietButton>
      </span>
    )
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="arrow-down" size={14} />}>
          Download
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{isCut ? 'All rows; the query runs again' : 'The query runs again'}</Menu.Label>
        {(Object.keys(files) as FileFormat[]).map((format) => (
          <Menu.Item key={format} onClick={() => void fetchAs(format)}>
            {files[format].name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function give(file: Blob, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  // The download has begun by then; the browser keeps what it needs.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
