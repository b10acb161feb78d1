// Charts under the rules of the documentation's page "How pages are made": colour means company and nothing else,
// labels stand at line ends, gaps stay gaps, what is provisional is dashed, no smoothing, no second axis.
import * as echarts from 'echarts/core'
import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { LabelLayout } from 'echarts/features'
import { SVGRenderer } from 'echarts/renderers'

echarts.use([BarChart, LineChart, ScatterChart, GridComponent, MarkLineComponent, TooltipComponent, LabelLayout, SVGRenderer])

const MARKERS = ['circle', 'rect', 'triangle', 'diamond', 'path://M4 0h4v4h4v4h-4v4h-4v-4h-4v-4h4z']
const DASHES = ['solid', [10, 4], [3, 3], [12, 3, 3, 3], [6, 2]]
const PROVISIONAL = [2, 4]

/** A colour of the style sheet as the browser computes it, light or dark. */
function colour(place, name) {
  const probe = place.appendChild(document.createElement('i'))
  probe.style.color = `var(${name})`
  const found = getComputedStyle(probe).color
  probe.remove()
  return found
}

function palette(place) {
  const names = { ink: '--ink', quiet: '--quiet', line: '--line', card: '--card' }
  const found = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, colour(place, name)]))
  return { ...found, slots: [1, 2, 3, 4, 5].map((slot) => colour(place, `--company-${slot}`)) }
}

const written = (places) => (value) =>
  value === null || value === undefined || value === '-' ? '—'
    : Number(value).toLocaleString('en', { minimumFractionDigits: places, maximumFractionDigits: places }).replace('-', '−')

const clock = (ms) => `${Math.floor(ms / 60_000)}:${String(Math.round((ms % 60_000) / 1000)).padStart(2, '0')}`
const formatter = (axis) => (axis.unit === 'ms' ? (value) => (value === null || value === '-' ? '—' : clock(value)) : written(axis.places ?? 0))

/** One company's line: a solid part, and from `provisional` on a dashed part that shares the point where they meet. */
function lines(series, colours) {
  const slot = (series.slot - 1) % 5
  const style = { color: colours.slots[slot], width: 2 }
  const from = series.provisional ?? series.values.length
  const last = series.values.findLastIndex((value) => value !== null)
  const common = { type: 'line', name: series.name, symbol: MARKERS[slot], symbolSize: 7, connectNulls: false, itemStyle: { color: colours.slots[slot] }, labelLayout: { moveOverlap: 'shiftY' }, emphasis: { disabled: true } }
  const end = { show: true, formatter: series.name, color: colours.ink, distance: 8 }
  const part = (keep, dash, labelled) => ({
    ...common,
    data: series.values.map((value, at) => (keep(at) ? value : null)).map((value, at) => signalled(value, series.signals?.includes(at))),
    lineStyle: { ...style, type: dash },
    endLabel: labelled ? end : undefined,
  })
  const parts = [part((at) => at < from, DASHES[slot], last < from)]
  if (from < series.values.length) parts.push(part((at) => at >= from - 1, PROVISIONAL, last >= from))
  return parts
}

/** A point beyond chance is a larger diamond. */
const signalled = (value, signal) => (signal ? { value, symbol: 'diamond', symbolSize: 13 } : value)

/** Target, centre, limits as thin labelled lines; version changes as vertical ones. */
function marks(spec, colours) {
  const level = (line) => ({ yAxis: line.value, name: line.label, lineStyle: { type: line.dash ? [4, 4] : 'solid' } })
  const event = (line) => ({ xAxis: line.at, name: line.label, lineStyle: { type: [1, 3] }, label: { position: 'end', rotate: 0 } })
  return {
    silent: true,
    symbol: 'none',
    animation: false,
    lineStyle: { color: colours.quiet, width: 1 },
    label: { formatter: '{b}', color: colours.ink, position: 'insideStartTop', fontSize: 12 },
    data: [...(spec.levels ?? []).map(level), ...(spec.events ?? []).map(event)],
  }
}

const kinds = {
  line(spec, colours) {
    const series = spec.series.flatMap((one) => lines(one, colours))
    series[0].markLine = marks(spec, colours)
    return { xAxis: { type: 'category', data: spec.x.labels, boundaryGap: false }, series }
  },
  bars(spec, colours) {
    const series = spec.series.map((one) => ({ type: 'bar', name: one.name, data: one.values, itemStyle: { color: colours.slots[(one.slot - 1) % 5] }, barCategoryGap: '20%' }))
    series[0].markLine = marks(spec, colours)
    return { xAxis: { type: 'category', data: spec.x.labels }, series }
  },
  funnel(spec, colours) {
    const limit = (one) => ({ type: 'line', data: one.points, symbol: 'none', silent: true, lineStyle: { color: colours.quiet, width: 1, type: one.dash ? [4, 4] : 'solid' }, endLabel: { show: true, formatter: one.label, color: colours.ink } })
    const dots = (one) => ({
      type: 'scatter', name: one.name, symbol: MARKERS[(one.slot - 1) % 5], symbolSize: 9, itemStyle: { color: colours.slots[(one.slot - 1) % 5] },
      data: one.points.map(([n, value, label, outside]) => ({ value: [n, value], name: label, label: { show: outside, formatter: '{b}', position: 'top', color: colours.ink } })),
    })
    const series = [...spec.limits.map(limit), ...spec.series.map(dots)]
    series[0].markLine = marks(spec, colours)
    return { xAxis: { type: 'value', min: 0 }, series }
  },
}

function option(place, spec) {
  const colours = palette(place)
  const made = kinds[spec.kind](spec, colours)
  const format = formatter(spec.y)
  const axis = { axisLine: { lineStyle: { color: colours.quiet } }, axisLabel: { color: colours.ink, hideOverlap: true }, nameTextStyle: { color: colours.ink } }
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colours.ink, fontSize: 13 },
    grid: { left: 8, right: 16 + Math.max(48, ...spec.series.map((one) => 14 * one.name.length)), top: 36, bottom: 28, containLabel: true },
    tooltip: { trigger: spec.kind === 'funnel' ? 'item' : 'axis', confine: true, transitionDuration: 0, backgroundColor: colours.card, borderColor: colours.line, textStyle: { color: colours.ink }, valueFormatter: format },
    ...made,
    xAxis: { ...axis, ...made.xAxis, name: spec.x.name, nameLocation: 'middle', nameGap: 30, splitLine: { show: false } },
    yAxis: { ...axis, type: 'value', name: spec.y.name, nameTextStyle: { color: colours.ink, align: 'left' }, scale: !spec.y.zero, min: spec.y.min, max: spec.y.max, axisLabel: { color: colours.ink, formatter: format }, splitLine: { lineStyle: { color: colours.line } } },
  }
}

/** Draw a chart; it follows its box, and the light or dark theme of the system. */
export default function mount(place, spec) {
  const chart = echarts.init(place, null, { renderer: 'svg' })
  const draw = () => chart.setOption(option(place, spec), true)
  draw()
  new ResizeObserver(() => chart.resize()).observe(place)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw)
  addEventListener('beforeprint', () => { document.documentElement.classList.add('on-paper'); draw(); chart.resize() })
  addEventListener('afterprint', () => { document.documentElement.classList.remove('on-paper'); draw() })
}
