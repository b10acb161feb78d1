// htmx under a strict content security policy, and what the page says when a request fails.
import htmx from 'htmx.org/dist/htmx.esm.js'

Object.assign(htmx.config, { allowEval: false, includeIndicatorStyles: false, selfRequestsOnly: true, timeout: 30_000 })
window.htmx = htmx

const byId = (id) => document.getElementById(id)

/** Read a sentence to screen readers. */
export function announce(text) {
  const live = byId('live')
  live.textContent = ''
  requestAnimationFrame(() => { live.textContent = text })
}

/** Show a message on top of the page: an element the server sent, or a copy of a template of the base page. */
function tell(element) {
  const place = byId('problem')
  place.replaceChildren(element)
  place.scrollIntoView({ block: 'nearest' })
  announce(element.textContent.trim().replace(/\s+/g, ' '))
}

const template = (id) => byId(id).content.firstElementChild.cloneNode(true)

document.addEventListener('htmx:configRequest', ({ detail }) => {
  detail.headers['X-CSRFToken'] = document.querySelector('meta[name=csrf]').content
})

// An error page answers htmx with the problem alone; anything else that failed gets the general words.
export function failed(text) {
  const sent = new DOMParser().parseFromString(text, 'text/html').querySelector('[data-problem]')
  tell(sent ?? template('message-failed'))
}
export const lost = () => tell(template('message-offline'))
document.addEventListener('htmx:responseError', ({ detail }) => failed(detail.xhr.responseText))
for (const name of ['htmx:sendError', 'htmx:timeout']) document.addEventListener(name, lost)
document.addEventListener('htmx:afterOnLoad', ({ detail }) => { if (detail.successful) byId('problem').replaceChildren() })

// A swap never loses the focus, and says how many rows there are now.
let hadFocus = false
document.addEventListener('htmx:beforeSwap', ({ detail }) => { hadFocus = detail.target.contains(document.activeElement) })
document.addEventListener('htmx:afterSettle', ({ detail }) => {
  const news = detail.elt.querySelector?.('[data-announce]') ?? detail.elt.closest?.('[data-announce]')
  if (news) announce(news.dataset.announce)
  if (hadFocus && document.activeElement === document.body) {
    detail.elt.tabIndex = -1
    detail.elt.focus({ preventScroll: true })
  }
  hadFocus = false
})

// A double click sends a form once.
const sent = new WeakSet()
document.addEventListener('submit', (event) => {
  const form = event.target
  if (form.method !== 'post' || form.matches('[hx-post]')) return
  if (sent.has(form)) event.preventDefault()
  else sent.add(form)
})
addEventListener('pageshow', ({ persisted }) => { if (persisted) location.reload() })

// The summary of a form's errors takes the focus, menus close when somebody goes elsewhere, [data-print] prints.
document.querySelector('[data-error-summary]')?.focus()
document.addEventListener('click', ({ target }) => {
  for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(target)) menu.open = false
  if (target.closest('[data-print]')) print()
})
document.addEventListener('focusin', ({ target }) => {
  for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(target)) menu.open = false
})
document.addEventListener('change', ({ target }) => { if (target.matches('[data-submit]')) target.form.requestSubmit() })
