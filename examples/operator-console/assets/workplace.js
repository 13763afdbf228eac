// The workplace: the WebAssembly module with the keys, and the containers that this browser keeps.
// Nothing here is secret for long: passwords go from a field into the module, and are wiped there.
import * as agent from "/assets/agent.js";
import { instantiate } from "/assets/module.js";

const own = instantiate();

/** Asks the module; throws what it refuses, with its code. */
export const ask = async (question) => (await own)(question);

const database = () =>
  new Promise((resolve, reject) => {
    const open = indexedDB.open("gost-ca-workplace", 1);
    open.onupgradeneeded = () => open.result.createObjectStore("containers", { keyPath: "key" });
    open.onsuccess = () => resolve(open.result);
    open.onerror = () => reject(open.error);
  });

async function store(mode, act) {
  const db = await database();
  try {
    const transaction = db.transaction("containers", mode);
    const request = act(transaction.objectStore("containers"));
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

/**
 * The containers of this browser, by public key: `{ key, container, name, notAfter, certificate, mustChange,
 * foreign, saved }`. `foreign` names the case of a key that was made for somebody else.
 */
export const containers = () => store("readonly", (all) => all.getAll());
export const container = (key) => store("readonly", (all) => all.get(key));
export const forget = (key) => store("readwrite", (all) => all.delete(key));

/** Keeps a container, under its public key. */
export async function keep(octets, about = {}) {
  const seen = await ask({ do: "look", container: octets });
  return mark(about, {
    key: seen.public_key,
    container: octets,
    name: seen.name || about.name || "",
    notAfter: seen.not_after,
    certificate: seen.certificates[0] || null,
    mustChange: seen.must_change,
  });
}

/** Notes something of a container that is kept. */
export async function mark(kept, about) {
  const marked = { ...kept, ...about };
  await store("readwrite", (all) => all.put(marked));
  return marked;
}

/** Puts a certificate into its container, here; a copy that was saved before is older. */
export async function install(kept, certificate) {
  const { container } = await ask({ do: "install", container: kept.container, certificate });
  return keep(container, { ...kept, saved: false });
}

export const toBase64 = (buffer) => {
  let text = "";
  for (const octet of new Uint8Array(buffer)) text += String.fromCharCode(octet);
  return btoa(text);
};
export const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/** Offers octets as a file. */
export function save(name, octets, type = "application/octet-stream") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([octets], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * The certified keys on carriers of the agent, as if they were containers; `agent` says where they are, and
 * `place` how the carrier is called. A carrier that went away in the middle hides no other.
 */
export async function carried() {
  if (!agent.isPaired()) return [];
  const all = [];
  for (const carrier of await agent.carriers()) {
    const keys = await agent.keys(carrier.id).catch(() => []);
    for (const { container, public_key, certificate } of keys) {
      if (!certificate) continue;
      const seen = await ask({ do: "certificate", certificate });
      const place = { carrier: carrier.id, container };
      all.push({ key: public_key, certificate, name: seen.name, notAfter: seen.not_after, agent: place, place: carrier.label });
    }
  }
  return all;
}

/** Where a key on a carrier of the agent is, certified or not. */
export async function carriedKey(publicKey) {
  if (!agent.isPaired()) return null;
  for (const carrier of await agent.carriers()) {
    const found = (await agent.keys(carrier.id)).find((one) => one.public_key === publicKey);
    if (found) return { key: publicKey, certificate: found.certificate, agent: { carrier: carrier.id, container: found.container } };
  }
  return null;
}

/** Opens a key, in a container or on a carrier of the agent. */
export async function unlock(kept, password) {
  if (kept.agent) {
    const key = await agent.open(kept.agent, password);
    return {
      sign: (message) => agent.sign(key, message),
      agree: (asked) => agent.agree(key, asked),
      close: () => agent.close(key),
    };
  }
  const { key } = await ask({ do: "open", container: kept.container, password });
  return { sign: (message) => ask({ do: "sign", key, message }), close: () => ask({ do: "close", key }) };
}

// The key that signs: open until the tab ends, or nobody used it for a quarter of an hour.
let open = null;
const IDLE = 15 * 60 * 1000;

export const isOpen = () => open !== null;

export async function openKey(kept, password) {
  const key = await unlock(kept, password);
  await closeKey();
  open = { key, kept, timer: null };
  sessionStorage.setItem("signs-with", kept.key);
  rest();
}

export async function closeKey() {
  if (!open) return;
  clearTimeout(open.timer);
  const { key } = open;
  open = null;
  // an agent that is gone has closed it
  await key.close().catch(() => {});
}

function rest() {
  clearTimeout(open.timer);
  open.timer = setTimeout(closeKey, IDLE);
}

/** Signs with the key that is open: `{ signature, algorithm }`, base64. One that failed is to be opened again. */
export async function sign(message) {
  if (!open) throw Object.assign(new Error("no key is open"), { code: "not-open" });
  rest();
  try {
    return await open.key.sign(message);
  } catch (error) {
    await closeKey();
    throw error;
  }
}

/** The public key that this tab signs with, open or not. */
export const usual = () => sessionStorage.getItem("signs-with");

/** The certificate of the key that is open. */
export const openCertificate = () => open && open.kept.certificate;

/** Collects moves and key strokes over a pad until the generator is full. */
export function collect(pad, take, progress) {
  return new Promise((resolve, reject) => {
    let waiting = [];
    let busy = false;
    const flush = async () => {
      if (busy || waiting.length === 0) return;
      busy = true;
      const events = waiting;
      waiting = [];
      try {
        const percent = await take(events);
        progress(percent);
        if (percent >= 100) {
          stop();
          resolve();
        }
      } catch (error) {
        stop();
        reject(error);
      }
      busy = false;
    };
    const at = () => Math.round(performance.now() * 1000);
    const moved = (event) => {
      const all = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
      for (const one of all.length ? all : [event]) {
        waiting.push({
          at: Math.round((one.timeStamp || performance.now()) * 1000),
          pointer: [Math.round(one.clientX), Math.round(one.clientY)],
        });
      }
    };
    const typed = (event) => {
      if (event.key === "Tab") return; // the way out for whoever has no mouse
      event.preventDefault();
      const code = [...event.code].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) >>> 0, 7);
      waiting.push({ at: at(), key: code });
    };
    const timer = setInterval(flush, 150);
    const stop = () => {
      clearInterval(timer);
      pad.removeEventListener("pointermove", moved);
      pad.removeEventListener("keydown", typed);
    };
    pad.addEventListener("pointermove", moved);
    pad.addEventListener("keydown", typed);
    pad.focus();
  });
}
