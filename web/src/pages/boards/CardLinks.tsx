// Where does a card's question live, to be looked at from nearer?
import { Menu } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { CardAsk, CardLook } from '@/api/boardTypes'
import { stringifySearch } from '@/app/search'
import { Icon } from '@/kit'
import { searchOf } from '@/pages/ask/address'

interface CardLinksProps {
  ask: CardAsk
  look: CardLook
  boardId: string
}

export function CardLinks({ ask, look, boardId }: CardLinksProps) {
  if ('metric' in ask) {
    return (
      <Menu.Item
        component={Link}
        to={`/ask/metrics/${encodeURIComponent(ask.metric)}`}
        leftSection={<Icon name="chart-line" size={14} />}
      >
        Open the metric
      </Menu.Item>
    )
  }
  return (
    <Menu.Item
      component={Link}
      to={`/ask/insights${stringifySearch({ ...searchOf(ask, look), board: boardId })}`}
      leftSection={<Icon name="search" size={14} />}
    >
      Open the question
    </Menu.Item>
  )
}
