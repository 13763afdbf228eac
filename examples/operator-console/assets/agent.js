// The agent of this computer: carriers that a browser cannot reach by itself (V15). The console's pages may call
// its address and no other; a code that the person types is exchanged for a token, once for this tab.
import { $, failure, why } from "/assets/page.js";

const address = document.documentElement.dataset.agent;
const TOKEN = "agent-token";

export const isPaired = () => sessionStorage.getItem(TOKEN) !== null;

async function call(path, body) {
  const headers = { authorization: `Bearer ${sessionStorage.getItem(TOKEN) || ""}` };
  if (body) headers["content-type"] = "application/json";
  const asked = { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) };
  const response = await fetch(address + path, asked).catch(() => {
    throw failure("agent-away");
  });
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  if (response.status === 401 && isPaired()) {
    sessionStorage.removeItem(TOKEN);
    document.dispatchEvent(new Event(CHANGED));
  }
  throw failure(`agent-${answer.error}`, { left: answer.tries_left });
}

export async function pair(code) {
  const { token } = await call("/pair", { code: code.trim().toUpperCase() });
  sessionStorage.setItem(TOKEN, token);
}

export const carriers = () => call("/carriers");
export const keys = (carrier) => call(`/keys?carrier=${encodeURIComponent(carrier)}`);
export const moves = (events) => call("/moves", { events });
export const make = (asked) => call("/make", asked);
export const open = async (place, pin) => (await call("/open", { ...place, pin })).key;
export const sign = (key, message) => call("/sign", { key, message });
/** The secret of one message, of which the module says what it is agreed on by. */
export const agree = async (key, { peer, derivation, material }) =>
  (await call("/agree", { key, peer, derivation, material })).secret;
export const close = (key) => call("/close", { key });
export const closeAll = () => call("/close", {});
export const install = (place, certificate) => call("/install", { ...place, certificate });
export const changePin = (place, old, fresh) => call("/change-pin", { ...place, old, new: fresh });

/** What is told when the carriers of a tab are others than before. */
export const CHANGED = "agent:changed";

/** The field for the code, wherever a key is made or used. */
export function startAgent(box) {
  box.hidden = !address;
  const told = $("[data-agent-told]", box);
  const show = (text = "") => {
    $("[data-unpaired]", box).hidden = isPaired();
    $("[data-paired]", box).hidden = !isPaired();
    told.textContent = text;
    told.hidden = !text;
  };
  const code = $("[data-code]", box);
  const paired = async () => {
    try {
      await pair(code.value);
      code.value = "";
      document.dispatchEvent(new Event(CHANGED));
    } catch (error) {
      show(why(error));
    }
  };
  $("[data-pair]", box).addEventListener("click", paired);
  $("[data-refresh]", box).addEventListener("click", () => document.dispatchEvent(new Event(CHANGED)));
  // Enter in the field is no sending of the form around it
  code.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    paired();
  });
  listen(box, () => show());
  show();
}

/** Hears of other carriers as long as an element is on the page. */
export function listen(element, heard) {
  const changed = () => {
    if (element.isConnected) heard();
    else document.removeEventListener(CHANGED, changed);
  };
  document.addEventListener(CHANGED, changed);
}

// Keys that were made and wait for their certificates: open, for some tokens take those from whoever logged in.
const waiting = new Map();
export const awaitCertificate = (publicKey, key) => waiting.set(publicKey, key);

export async function installed(publicKey) {
  const key = waiting.get(publicKey);
  waiting.delete(publicKey);
  if (key !== undefined) await close(key).catch(() => {});
}

/** Whoever signs out leaves no key open and nothing of theirs in the tab; the pairing is the computer's. */
export async function leave() {
  if (isPaired()) await closeAll().catch(() => {});
  const token = sessionStorage.getItem(TOKEN);
  sessionStorage.clear();
  if (token) sessionStorage.setItem(TOKEN, token);
}
