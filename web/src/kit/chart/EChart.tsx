// How does a picture drawn by ECharts stand on a page? It loads when it is needed.
import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { Skeleton } from '../states'
import { loadEngine, loadedEngine } from './loadEngine'
import classes from './chart.module.css'

interface EChartProps {
  option: EChartsCoreOption
  /** In pixels, or '100%' of what is around it. */
  height: number | string
  /** The picture in one or two sentences, for whoever does not see it. */
  summary: string
  /** A click anywhere in the picture, with the picture to ask where it was. */
  onClick?: (chart: EChartsType, at: { x: number; y: number }) => void
  /** Whenever it was drawn anew: to lay words over it. */
  onDrawn?: (chart: EChartsType) => void
  /** What is laid over it. */
  children?: ReactNode
  /** A click on one of its marks. */
  onMark?: (mark: { seriesIndex?: number; dataIndex?: number; data: unknown }) => void
}

export function EChart(props: EChartProps) {
  const { option, height, summary, onClick, onMark, onDrawn } = props
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(null)
  const shown = useRef<EChartsCoreOption>(null)
  const current = useRef({ option, onClick, onMark, onDrawn })
  const [ready, setReady] = useState(() => loadedEngine() !== null)
  const [failed, setFailed] = useState(false)

  useEffect(() => {
    current.current = { option, onClick, onMark, onDrawn }
  })

  useEffect(() => {
    if (!chart.current || shown.current === option) return
    shown.current = option
    chart.current.setOption(option, { notMerge: true })
    current.current.onDrawn?.(chart.current)
  }, [option])

  useLayoutEffect(() => {
    let gone = false
    const draw = ({ newChart }: Awaited<ReturnType<typeof loadEngine>>) => {
      if (gone || !box.current) return
      const drawn = newChart(box.current)
      shown.current = current.current.option
      drawn.setOption(shown.current)
      drawn.on('click', (mark) => current.current.onMark?.(mark))
      drawn.getZr().on('click', (event) => {
        current.current.onClick?.(drawn, { x: event.offsetX, y: event.offsetY })
      })
      chart.current = drawn
      current.current.onDrawn?.(drawn)
      setReady(true)
    }
    const engine = loadedEngine()
    // With the code at hand it is drawn together with the page around it.
    if (engine) draw(engine)
    else
      loadEngine()
        .then(draw)
        .catch(() => setFailed(true))
    const resized = new ResizeObserver(() => {
      // It also tells the size at which it was just drawn.
      if (!chart.current || !box.current || fits(chart.current, box.current)) return
      chart.current.resize()
      current.current.onDrawn?.(chart.current)
    })
    if (box.current) resized.observe(box.current)
    return () => {
      gone = true
      resized.disconnect()
      chart.current?.dispose()
      chart.current = null
    }
  }, [])

  if (failed) return <p className="muted">The drawing could not be loaded. {summary}</p>
  return (
    <div className={classes.drawing} style={{ height }} data-clickable={Boolean(onClick ?? onMark)}>
      <div
        ref={box}
        className={classes.canvas}
        role="img"
        aria-label={summary}
        data-chart={ready ? 'drawn' : 'loading'}
      />
      {ready && props.children}
      {!ready && <Skeleton height={height} />}
    </div>
  )
}

const fits = (chart: EChartsType, box: HTMLElement) =>
  chart.getWidth() === box.clientWidth && chart.getHeight() === box.clientHeight
