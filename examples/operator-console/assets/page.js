// What all scripts of the pages share: words, and the ways to the server.
export const texts = () => JSON.parse(document.getElementById("texts").textContent);
export const say = (code) => texts()[code] || texts().failed;
export const $ = (selector, within = document) => within.querySelector(selector);
export const failure = (code, about = {}) => Object.assign(new Error(code), { code, ...about });

/** Why something was not done: the server's words, or those for a code. */
export function why(error) {
  if (error.told) return error.message;
  const left = error.left === undefined ? "" : ` ${texts()["tries-left"]}: ${error.left}.`;
  return say(error.code) + left;
}

export function tell(form, text) {
  const place = $("[data-told]", form);
  if (place) {
    place.textContent = text;
    place.hidden = !text;
  }
}

export async function post(url, fields) {
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(fields) });
  if (response.redirected) return { redirected: response.url };
  const kind = response.headers.get("content-type") || "";
  if (!kind.includes("json")) throw await refusal(response);
  return response.json();
}

/** A page that says why not, as an error. */
export async function refusal(response) {
  const html = await response.text();
  const told = new DOMParser().parseFromString(html, "text/html").querySelector("[data-says]");
  return Object.assign(new Error(told ? told.textContent.trim() : response.statusText), { told: true });
}

export const go = (url) => htmx.ajax("GET", url, { target: "body", swap: "innerHTML show:window:top" })
  .then(() => history.pushState({}, "", url));
