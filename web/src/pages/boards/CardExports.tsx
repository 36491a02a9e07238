// How does one take a card along: as a picture, as a table, as the question in SQL?
import { Menu } from '@mantine/core'
import type { RefObject } from 'react'
import type { StoredAnswer, StoredQuestion } from '@/api/insightTypes'
import { Icon, useToast } from '@/kit'
import { csvOf, pictureOf, saveFile } from '@/kit/chart'
import { copyText } from '@/kit/CopyButton'
import { fileName } from './fileName'

interface CardExportsProps {
  title: string
  told: { asked: StoredQuestion; told: StoredAnswer } | undefined
  box: RefObject<HTMLElement | null>
}

export function CardExports({ title, told, box }: CardExportsProps) {
  const toast = useToast()
  if (!told) return null
  const { asked, told: answer } = told
  const { sql, answered_at } = answer.answer.explained

  const savePng = async () => {
    if (!box.current) return
    const background = getComputedStyle(box.current).backgroundColor
    try {
      saveFile(fileName(title, answered_at, 'png'), await pictureOf(box.current, background))
    } catch {
      toast.failed('The browser could not draw the picture')
    }
  }
  const saveCsv = () =>
    saveFile(fileName(title, answered_at, 'csv'), csvOf(asked, answer), 'text/csv')
  const copySql = () =>
    copyText(sql ?? '').then(
      () => toast.done('The question is on the clipboard as SQL'),
      () => toast.failed('The browser refused to copy'),
    )
  return (
    <>
      <Menu.Item leftSection={<Icon name="download" size={14} />} onClick={() => void savePng()}>
        Download as a picture (PNG)
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="download" size={14} />} onClick={saveCsv}>
        Download the numbers (CSV)
      </Menu.Item>
      {sql !== null && (
        <Menu.Item leftSection={<Icon name="code" size={14} />} onClick={() => void copySql()}>
          Copy the SQL
        </Menu.Item>
      )}
    </>
  )
}
