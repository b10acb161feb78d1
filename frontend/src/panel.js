// The side panel: <a href="/contacts/7/" data-panel> opens the content of that page beside the list.
import htmx from 'htmx.org/dist/htmx.esm.js'
import { failed, lost } from './requests.js'

const panel = document.getElementById('panel')
let opener = null
let loading = new AbortController()

export const isOpen = () => panel !== null && !panel.hidden

/** The link whose page is in the panel. */
export const current = () => opener

function choose(link) {
  opener?.closest('tr')?.removeAttribute('aria-selected')
  link?.closest('tr')?.setAttribute('aria-selected', 'true')
  opener = link
  loading.abort() // the answer to an earlier choice must not replace this one's
  loading = new AbortController()
}

/** Open the page a link points to in the panel; the link gets the focus back when it closes. */
export async function open(link) {
  choose(link)
  const { signal } = loading
  try {
    const headers = { 'HX-Request': 'true', 'HX-Target': 'panel-body' }
    const response = await fetch(link.href, { headers, signal })
    if (response.redirected) return location.assign(link.href) // signed out meanwhile
    const text = await response.text()
    if (!response.ok) return failed(text)
    show(link.href, new DOMParser().parseFromString(text, 'text/html'))
  } catch (error) {
    if (!signal.aborted) lost()
  }
}

function show(address, page) {
  const body = panel.querySelector('#panel-body')
  panel.querySelector('[data-panel-page]').href = address
  body.replaceChildren(page.querySelector('.page-content') ?? page.body)
  htmx.process(body)
  panel.hidden = false
  document.body.classList.add('with-panel')
  const heading = body.querySelector('h1, h2, h3') ?? panel
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
  body.scrollTop = 0
}

export function close() {
  const link = opener
  choose(null)
  panel.hidden = true
  document.body.classList.remove('with-panel')
  link?.focus()
}

document.addEventListener('click', (event) => {
  if (!panel || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
  const link = event.target.closest('a[data-panel]')
  if (link) { event.preventDefault(); open(link) }
  if (event.target.closest('[data-panel-close]')) close()
})
