// Documents of whoever sits here: signed, checked, encrypted, decrypted in this browser (V17).
import { $, failure, tell, texts, why } from "/assets/page.js";
import { chosenKey, isOwn, offerKeys } from "/assets/signing.js";
import * as workplace from "/assets/workplace.js";

/** The longest document: what is made of it is kept by the browser until it is saved. */
const LONGEST = 256 * 1024 * 1024;
const now = () => Math.floor(Date.now() / 1000);

let worker = null;
let last = 0;
const waiting = new Map();

/** Asks the worker about a document; gives its answer, and what was made. */
function ask(question, file, progress) {
  if (file && file.size > LONGEST) return Promise.reject(failure("too-long"));
  if (!worker) {
    worker = new Worker("/assets/documents-worker.js", { type: "module" });
    worker.onmessage = ({ data }) => {
      if (data.progress !== undefined) return waiting.forEach((one) => one.progress(data.progress));
      const { resolve, reject } = waiting.get(data.number);
      waiting.delete(data.number);
      if (data.code) reject(failure(data.code));
      else resolve(data);
    };
  }
  last += 1;
  const number = last;
  return new Promise((resolve, reject) => {
    waiting.set(number, { resolve, reject, progress });
    worker.postMessage({ number, question, file });
  });
}

/** What the four forms have in common: a file, a bar, a refusal. */
function onSubmit(form, act) {
  const bar = $("progress", form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const button = $("button[type=submit]", form);
    tell(form, "");
    $("[data-done]", form).hidden = true;
    button.disabled = true;
    bar.hidden = false;
    try {
      const file = $("[name=document]", form).files[0];
      if (!file) throw failure("no-file");
      await act(file, (part) => (bar.value = part * 100));
      $("[data-done]", form).hidden = false;
    } catch (error) {
      tell(form, why(error));
    }
    bar.hidden = true;
    button.disabled = false;
  });
}

async function startSign(form) {
  const select = $("[data-keys]", form);
  onSubmit(form, async (file, progress) => {
    const kept = chosenKey(select);
    const password = $("[name=key-password]", form);
    const key = await workplace.unlock(kept, password.value);
    password.value = "";
    try {
      const digest = { do: "digest", certificate: kept.certificate, at: now() };
      const { answer } = await ask(digest, file, progress);
      const { signature } = await key.sign(answer.message);
      const attached = $("[name=attached]", form).checked;
      const { made } = await ask({ do: "seal", signature, attached }, null, progress);
      workplace.save(`${file.name}.p7s`, made);
    } finally {
      await key.close().catch(() => {});
    }
  });
  await offerKeys(select, isOwn);
}

/** A detached signature is small, and in Base64 at times. */
async function readMessage(file) {
  const octets = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder("latin1").decode(octets);
  const base64 = /^[\s]*(?:-----BEGIN [A-Z0-9 ]+-----)?([A-Za-z0-9+/=\s]+)(?:-----END [A-Z0-9 ]+-----)?\s*$/.exec(text);
  return base64 ? base64[1].replace(/\s/g, "") : workplace.toBase64(octets);
}

function startCheck(form) {
  onSubmit(form, async (file, progress) => {
    const trust = await (await fetch("/documents/authority")).json();
    const beside = $("[name=beside]", form).files[0];
    const question = { do: "check", ...trust, at: now(), language: document.documentElement.lang };
    if (beside) question.message = await readMessage(file);
    const { answer, made } = await ask(question, beside || file, progress);
    const verdict = $("[data-verdict]", form);
    verdict.dataset.verdict = answer.verdict;
    verdict.className = `notice ${{ valid: "", invalid: "bad" }[answer.verdict] ?? "warn"}`;
    $("strong", verdict).textContent = texts()[`verdict-${answer.verdict}`];
    $("pre", verdict).textContent = answer.text;
    const content = $("[data-content]", form);
    content.hidden = !answer.attached;
    content.onclick = () => workplace.save(file.name.replace(/\.(p7s|p7m|sig)$/i, ""), made);
  });
}

function startEncrypt(form) {
  const chosen = new Map();
  const list = $("[data-recipients]", form);
  const show = () => list.replaceChildren(...[...chosen].map(([key, { name, notAfter }]) => {
    const row = document.createElement("li");
    const remove = document.createElement("button");
    Object.assign(remove, { type: "button", className: "secondary outline", textContent: texts().remove });
    remove.addEventListener("click", () => {
      chosen.delete(key);
      show();
    });
    row.append(`${name} · ${notAfter.slice(0, 10)} `, remove);
    return row;
  }));
  const add = async (certificate) => {
    const seen = await workplace.ask({ do: "certificate", certificate });
    chosen.set(certificate, { name: seen.name, notAfter: seen.not_after });
    show();
  };
  $("[name=certificates]", form).addEventListener("change", async ({ target }) => {
    try {
      for (const file of target.files) await add(await readMessage(file));
      tell(form, "");
    } catch (error) {
      tell(form, why(error));
    }
    target.value = "";
  });
  const found = $("[data-found]", form);
  const find = async () => {
    const typed = $("[data-who]", form).value;
    const response = await fetch(`/documents/recipients?q=${encodeURIComponent(typed)}`);
    const all = response.ok ? await response.json() : [];
    found.replaceChildren(...all.map(({ name, about, certificate }) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "outline", textContent: `+ ${name} · ${about}` });
      button.addEventListener("click", () => add(certificate));
      return button;
    }));
    if (all.length === 0) found.textContent = texts().nobody;
  };
  $("[data-find]", form).addEventListener("click", find);
  $("[data-who]", form).addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    find();
  });
  onSubmit(form, async (file, progress) => {
    if (chosen.size === 0) throw failure("no-recipients");
    const { made } = await ask({ do: "encrypt", recipients: [...chosen.keys()] }, file, progress);
    workplace.save(`${file.name}.p7m`, made);
  });
}

async function startDecrypt(form) {
  const select = $("[data-keys]", form);
  onSubmit(form, async (file, progress) => {
    const kept = chosenKey(select);
    const password = $("[name=key-password]", form);
    const question = kept.agent
      ? await agreed(kept, password, file, progress)
      : { do: "decrypt", container: kept.container, password: password.value };
    password.value = "";
    const { made } = await ask(question, file, progress);
    workplace.save(file.name.replace(/\.p7m$/i, ""), made);
  });
  await offerKeys(select, isOwn);
}

/** What a document is decrypted by where the key is on a carrier: the secret of this one message. */
async function agreed({ agent, certificate }, password, file, progress) {
  const { answer } = await ask({ do: "agreement", certificate }, file, progress);
  const key = await workplace.unlock({ agent }, password.value);
  try {
    return { do: "decrypt-agreed", certificate, secret: await key.agree(answer) };
  } finally {
    await key.close().catch(() => {});
  }
}

/** The four pages, by their names. */
export const DOCUMENTS = { sign: startSign, check: startCheck, encrypt: startEncrypt, decrypt: startDecrypt };
