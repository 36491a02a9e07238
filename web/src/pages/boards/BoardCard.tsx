// What does one card of a board say, and what may one do with it?
import { Menu } from '@mantine/core'
import { useRef, useState, type ReactNode } from 'react'
import type { Card } from '@/api/boardTypes'
import type { Picked } from '@/kit/chart'
import { Icon } from '@/kit'
import { ExplainAnswer } from '../ask/answer/ExplainAnswer'
import { BehindDrawer } from '../ask/answer/BehindDrawer'
import { ExplainMetric } from '../metrics/ExplainMetric'
import classes from './boards.module.css'
import { CardExports } from './CardExports'
import { Picture, type ToldCard } from './Picture'

interface BoardCardProps {
  card: Card
  told: ToldCard
  /** While the board is arranged: the handles take some room, and the menu is another one. */
  arranging?: boolean
  /** What else one may do with it. */
  items?: ReactNode
}

export function BoardCard({ card, told, arranging = false, items }: BoardCardProps) {
  const box = useRef<HTMLElement>(null)
  const [explained, setExplained] = useState(false)
  const [picked, setPicked] = useState<Picked | null>(null)
  const { data } = told
  return (
    <article
      ref={box}
      className={classes.card}
      aria-label={card.title}
      data-arranging={arranging || undefined}
    >
      <header className={classes.cardHead}>
        <h2 className={classes.cardTitle} title={card.title}>
          {card.title}
        </h2>
        <Menu position="bottom-end" width={240}>
          <Menu.Target>
            <button
              type="button"
              className={classes.cardMenu}
              aria-label={`What to do with ${card.title}`}
            >
              <Icon name="ellipsis" size={16} />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {items}
            {!arranging && data && (
              <>
                <Menu.Item
                  leftSection={<Icon name="info" size={14} />}
                  onClick={() => setExplained(true)}
                >
                  What it means
                </Menu.Item>
                <CardExports title={card.title} told={data} box={box} />
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      </header>
      {card.note && (
        <p className={classes.cardNote} title={card.note}>
          {card.note}
        </p>
      )}
      <Picture
        title={card.title}
        told={told}
        look={card.look}
        onPoint={arranging ? undefined : setPicked}
      />
      {!arranging && data && (
        <>
          {data.metric ? (
            <ExplainMetric
              metric={data.metric}
              told={data.told}
              opened={explained}
              onClose={() => setExplained(false)}
            />
          ) : (
            <ExplainAnswer
              last={{ ...data, tookMs: 0 }}
              opened={explained}
              onClose={() => setExplained(false)}
            />
          )}
          <BehindDrawer asked={data.asked} picked={picked} onClose={() => setPicked(null)} />
        </>
      )}
    </article>
  )
}
