// Charts under the rules of the documentation's page "How pages are made": colour means company and nothing else,
// labels stand at line ends, gaps stay gaps, what is provisional is dashed, no smoothing, no second axis.
import * as echarts from 'echarts/core'
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { LabelLayout } from 'echarts/features'
import { SVGRenderer } from 'echarts/renderers'

echarts.use([BarChart, LineChart, GridComponent, MarkLineComponent, TooltipComponent, LabelLayout, SVGRenderer])

const MARKERS = ['circle', 'rect', 'triangle', 'diamond', 'path://M4 0h4v4h4v4h-4v4h-4v-4h-4v-4h4z']
const DASHES = ['solid', [10, 4], [7, 2, 2, 2], [14, 3, 3, 3], [14, 6]]
const PROVISIONAL = [2, 4]

/** Room for a label at a line's end: a Chinese character is as wide as high. */
const room = (text) => [...text].reduce((sum, sign) => sum + (sign > '\u2e80' ? 13 : 8), 0)

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
  const own = colours.slots[slot]
  const style = { color: own, width: 2 }
  const from = series.provisional ?? series.values.length
  const last = series.values.findLastIndex((value) => value !== null)
  const common = { type: 'line', name: series.name, symbol: MARKERS[slot], symbolSize: 7, showAllSymbol: true, connectNulls: false, itemStyle: { color: own }, labelLayout: { moveOverlap: 'shiftY' }, emphasis: { disabled: true } }
  const end = { show: true, formatter: series.name, color: colours.ink, distance: 8 }
  const part = (keep, dash, labelled) => ({
    ...common,
    data: series.values.map((value, at) => (keep(at) ? value : null)).map((value, at) => point(value, series.signals.includes(at), at >= from, { ...colours, own })),
    lineStyle: { ...style, type: dash },
    endLabel: labelled ? end : undefined,
  })
  const parts = [part((at) => at < from, DASHES[slot], last < from)]
  if (from < series.values.length) parts.push(part((at) => at >= from - 1, PROVISIONAL, last >= from))
  return parts
}

/** A point beyond chance is a larger diamond, a provisional one is hollow. */
function point(value, signal, open, colours) {
  if (value === null || !(signal || open)) return value
  const shape = signal ? { symbol: 'diamond', symbolSize: 13 } : {}
  return { value, ...shape, itemStyle: open ? { color: colours.card, borderColor: colours.own, borderWidth: 2 } : undefined }
}

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
    data: [...spec.levels.map(level), ...spec.events.map(event)],
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
}

function option(place, spec) {
  const colours = palette(place)
  const made = kinds[spec.kind](spec, colours)
  const format = formatter(spec.y)
  const axis = { axisLine: { lineStyle: { color: colours.quiet } }, axisLabel: { color: colours.ink, hideOverlap: true }, nameTextStyle: { color: colours.ink } }
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colours.ink, fontSize: 13 },
    grid: { left: 8, right: spec.kind === 'line' ? 24 + Math.max(...spec.series.map((one) => room(one.name))) : 12, top: spec.events.length ? 60 : 36, bottom: 28, containLabel: true },
    tooltip: { trigger: 'axis', confine: true, transitionDuration: 0, backgroundColor: colours.card, borderColor: colours.line, textStyle: { color: colours.ink }, valueFormatter: format },
    ...made,
    xAxis: { ...axis, ...made.xAxis, name: spec.x.name, nameLocation: 'middle', nameGap: 30, splitLine: { show: false } },
    yAxis: { ...axis, type: 'value', name: spec.y.name, nameTextStyle: { color: colours.ink, align: 'left' }, nameGap: spec.events.length ? 34 : 14, scale: !spec.y.zero, minInterval: spec.y.unit === 'ms' ? 1000 : 10 ** -(spec.y.places ?? 0), min: spec.y.min, max: spec.y.max, axisLabel: { color: colours.ink, formatter: format }, splitLine: { lineStyle: { color: colours.line } } },
  }
}

/** Draw a chart; it follows its box, and the light or dark theme of the system. */
export default function mount(place, spec) {
  const chart = echarts.init(place, null, { renderer: 'svg' })
  const draw = () => chart.setOption(option(place, spec), true)
  draw()
  new ResizeObserver(() => chart.resize()).observe(place)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw)
  const scaled = (yes) => {
    const svg = place.querySelector('svg')
    if (yes) svg?.setAttribute('viewBox', `0 0 ${chart.getWidth()} ${chart.getHeight()}`) // paper is narrower
    else svg?.removeAttribute('viewBox')
  }
  addEventListener('beforeprint', () => { document.documentElement.classList.add('on-paper'); draw(); scaled(true) })
  addEventListener('afterprint', () => { document.documentElement.classList.remove('on-paper'); scaled(false); draw() })
}
