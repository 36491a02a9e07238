// Which parts of ECharts are needed? Loaded only when a chart is drawn.
import { BarChart, CustomChart, LineChart, SankeyChart } from 'echarts/charts'
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components'
import { init, use as register, type EChartsType } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { CanvasRenderer } from 'echarts/renderers'

let isReady = false

/** Registers the parts at the first chart: a module that is loaded for its side effects may be
 * left out by the bundler. */
export function newChart(element: HTMLElement): EChartsType {
  if (!isReady) {
    register([
      AriaComponent,
      BarChart,
      CanvasRenderer,
      CustomChart,
      GridComponent,
      LabelLayout,
      LineChart,
      SankeyChart,
      TooltipComponent,
    ])
    isReady = true
  }
  return init(element)
}
