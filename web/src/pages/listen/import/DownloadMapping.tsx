// How do I use the same meanings again, on the command line?
import { Button } from '@mantine/core'
import { Icon } from '@/kit'

interface DownloadMappingProps {
  name: string
  /** The mapping as a file; null while it has a flaw. */
  text: string | null
}

export function DownloadMapping({ name, text }: DownloadMappingProps) {
  const download = () => {
    const url = URL.createObjectURL(new Blob([text ?? ''], { type: 'application/toml' }))
    const link = document.createElement('a')
    link.href = url
    link.download = `${name}.toml`
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <Button
      variant="default"
      leftSection={<Icon name="arrow-down" size={14} />}
      disabled={text === null}
      title="For rapport import FILE --mapping …"
      onClick={download}
    >
      Download the mapping
    </Button>
  )
}
