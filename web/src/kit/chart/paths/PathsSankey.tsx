// What do customers do next, or what did they do before, step by step?
import type { EChartsCoreOption } from 'echarts/core'
import { useMemo } from 'react'
import type { PathsAnswer, PathsQuestion, PathStep } from '@/api/insightTypes'
import { countExact } from '../../number'
import { useNarrow } from '../../useNarrow'
import { shareChange } from '../change'
import { EChart } from '../EChart'
import { useChartTokens, type ChartTokens } from '../tokens'
import type { OnPoint } from '../types'
import { percent } from '../words'
import { colorsOf } from './colors'
import { pathsSummary, pathStepWords, pickedPath, shareAt, stepKey } from './words'
import { TopPaths } from './TopPaths'
import classes from '../chart.module.css'

interface PathsProps {
  question: PathsQuestion
  answer: PathsAnswer
  onPoint?: OnPoint
  compact?: boolean
}

/** More levels than these do not fit beside each other. */
const LEVELS = { wide: 6, card: 3, narrow: 2 }

interface Mark {
  level: number
  from: number
  to?: number
}

export function PathsSankey({ question, answer, onPoint, compact }: PathsProps) {
  const tokens = useChartTokens()
  const room = useNarrow() ? 'narrow' : compact ? 'card' : 'wide'
  const levels = LEVELS[room]
  const backwards = question.anchor.is === 'to'
  const option = useMemo(
    () => optionOf(answer, tokens, { levels, backwards }),
    [answer, tokens, levels, backwards],
  )
  const open = (data: unknown) => {
    const { level, from, to } = data as Mark
    const step = answer.levels[level]?.[from]?.step
    const next = to === undefined ? undefined : answer.levels[level + 1]?.[to]?.step
    if (step) onPoint?.(pickedPath(answer, level, step, next))
  }
  return (
    <div className={compact ? classes.fill : classes.stack}>
      <EChart
        option={option}
        height={compact ? '100%' : 460}
        summary={pathsSummary(question, answer)}
        onMark={onPoint && (({ data }) => open(data))}
      />
      {!compact && <TopPaths {...{ question, answer }} />}
    </div>
  )
}

function optionOf(
  answer: PathsAnswer,
  tokens: ChartTokens,
  { levels, backwards }: { levels: number; backwards: boolean },
): EChartsCoreOption {
  const shown = answer.levels.slice(0, levels)
  const last = shown.length - 1
  const colors = colorsOf(shown)
  const color = (step: PathStep) => tokens.series[colors.get(stepKey(step)) ?? -1] ?? tokens.rest
  const linked = new Set(
    answer.links.flatMap(({ level, from, to, n }) =>
      n > 0 && level < last ? [`${level} ${from}`, `${level + 1} ${to}`] : [],
    ),
  )
  return {
    animation: false,
    textStyle: { fontFamily: tokens.font },
    tooltip: {
      confine: true,
      backgroundColor: tokens.raised,
      borderColor: tokens.line,
      textStyle: { color: tokens.ink, fontFamily: tokens.font, fontSize: 13 },
      formatter: (mark: { data: { words: string } }) => textNode(mark.data.words),
    },
    series: [
      {
        type: 'sankey',
        left: 4,
        right: 150,
        top: 8,
        bottom: 8,
        nodeWidth: 10,
        nodeGap: 14,
        layoutIterations: 32,
        draggable: false,
        emphasis: { focus: 'none' },
        label: {
          color: tokens.ink,
          fontFamily: tokens.font,
          fontSize: 12,
          width: 136,
          overflow: 'truncate',
          formatter: ({ data }: { data: { title: string } }) => data.title,
        },
        lineStyle: { color: 'source', opacity: 0.28, curveness: 0.5 },
        data: shown.flatMap((nodes, level) =>
          nodes.flatMap(({ step, n }, place) => {
            if (n === 0 || !linked.has(`${level} ${place}`)) return []
            const title = pathStepWords(step)
            return [
              {
                name: `${level} ${place}`,
                title: `${title}  ${countExact(n)}`,
                depth: backwards ? last - level : level,
                words: `${title}: ${countExact(n)} paths, ${percent(n / answer.n_paths)} of all${thenWords(answer, level, step, n)}`,
                level,
                from: place,
                itemStyle: { color: color(step), borderWidth: 0 },
              },
            ]
          }),
        ),
        links: answer.links
          .filter(({ level, n }) => level < last && n > 0)
          .map(({ level, from, to, n }) => {
            const ends = [`${level} ${from}`, `${level + 1} ${to}`]
            const [source, target] = backwards ? [ends[1], ends[0]] : ends
            const names = [shown[level]?.[from], shown[level + 1]?.[to]].map((node) =>
              node ? pathStepWords(node.step) : '',
            )
            const order = backwards ? [names[1], names[0]] : names
            return {
              source,
              target,
              value: n,
              words: `${order.join(', then ')}: ${countExact(n)} paths`,
              level,
              from,
              to,
            }
          }),
      },
    ],
  }
}

/** "; before 10 % (+2 points)". */
function thenWords(answer: PathsAnswer, level: number, step: PathStep, n: number): string {
  const past = shareAt(answer.compared, level, step)
  if (past === null) return ''
  return `; before ${percent(past)} (${shareChange(n / answer.n_paths, past)})`
}

/** Names from outside stay text. */
function textNode(text: string): HTMLElement {
  const element = document.createElement('span')
  element.textContent = text
  return element
}
