// Whatever is signed: sign-ins, commands, proofs of possession; by a container of this browser or a key on a
// carrier of the agent.
import * as agent from "/assets/agent.js";
import { $, failure, go, post, tell, texts, why } from "/assets/page.js";
import * as workplace from "/assets/workplace.js";

// ---- keys to choose from -------------------------------------------------------------------------------
const offered = new WeakMap();

/** Fills a list with containers, and with the certified keys of the agent's carriers where they fit. */
export async function listKeys(select, filter = () => true) {
  const containers = (await workplace.containers()).filter(filter);
  let away = null;
  const carried = await workplace.carried().catch((error) => {
    away = error;
    return [];
  });
  const all = [...containers, ...carried.filter(filter)];
  const chosenBefore = select.value || workplace.usual();
  const row = (one) => {
    const option = document.createElement("option");
    option.value = one.key;
    const end = one.notAfter ? ` · ${one.notAfter.slice(0, 10)}` : "";
    option.textContent = (one.name || texts().unnamed) + end + (one.place ? ` · ${one.place}` : "");
    option.selected = one.key === chosenBefore;
    return option;
  };
  offered.set(select, all);
  select.replaceChildren(...all.map(row));
  const form = select.closest("form");
  form?.querySelectorAll("[data-no-containers]").forEach((e) => (e.hidden = all.length > 0));
  select.disabled = all.length === 0;
  if (away && form) tell(form, why(away));
  return all;
}

/** The same, again whenever the carriers change. */
export async function offerKeys(select, filter) {
  agent.listen(select, () => listKeys(select, filter));
  return listKeys(select, filter);
}

export function chosenKey(select) {
  const kept = offered.get(select)?.find((one) => one.key === select.value);
  if (!kept) throw failure("no-container");
  return kept;
}

/** Keys that sign for whoever sits here. */
export const isOwn = (one) => one.certificate && !one.foreign;

/** Keeps a container from a file; another program's file (PFX, PKCS#8) wants its password. */
async function readFile(file, password) {
  const octets = workplace.toBase64(await file.arrayBuffer());
  const name = file.name.replace(/\.[^.]*$/, "");
  try {
    return await workplace.keep(octets, { name });
  } catch (error) {
    if (error.code !== "container" || !password) throw error;
    const { container } = await workplace.ask({ do: "import", file: octets, password });
    return workplace.keep(container, { name });
  }
}

/** A field for files beside a list of containers; files that want a password wait until it is typed. */
export function takeFiles(form, select, password, filter) {
  const input = $("input[type=file]", form);
  let waiting = null;
  const take = async () => {
    const kept = await readFile(waiting, password.value);
    waiting = null;
    input.value = "";
    await listKeys(select, filter);
    select.value = kept.key;
    tell(form, "");
  };
  input.addEventListener("change", async () => {
    waiting = input.files[0];
    try {
      if (waiting) await take();
    } catch (error) {
      if (error.code === "container" && !password.value) password.focus();
      else tell(form, why(error));
    }
  });
  return async () => { if (waiting) await take(); };
}

// ---- signing in ----------------------------------------------------------------------------------------
export async function startSignIn(form) {
  const select = $("select", form);
  const password = $("[name=password]", form);
  const taken = takeFiles(form, select, password, isOwn);
  form.querySelectorAll("[data-demo]").forEach((button) =>
    button.addEventListener("click", async () => {
      const response = await fetch(`/demo/${button.dataset.demo}`);
      const kept = await workplace.keep(workplace.toBase64(await response.arrayBuffer()));
      await listKeys(select, isOwn);
      select.value = kept.key;
      password.value = button.dataset.password;
      form.requestSubmit();
    }),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    try {
      await taken();
      await workplace.openKey(chosenKey(select), password.value);
      password.value = "";
      tell(form, await signIn());
    } catch (error) {
      tell(form, why(error));
    }
  });
  // the listeners first: no form is ever sent as it is
  await workplace.closeKey();
  await offerKeys(select, isOwn);
}

/** Signs a challenge with the key that is open; gives why that was refused. */
async function signIn() {
  const certificate = workplace.openCertificate();
  const { challenge, message } = await post("/sign-in/challenge", {});
  const { signature, algorithm } = await workplace.sign(message);
  const response = await fetch("/sign-in/certificate", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ challenge, certificate, algorithm, signature }),
  });
  const answer = await response.json();
  if (answer.go) await go(answer.go);
  else await workplace.closeKey();
  return answer.refused || "";
}

// ---- signing commands ----------------------------------------------------------------------------------
/** The part of a form in which a key is opened is hidden while one is open. */
export function showSigning(form) {
  const box = $("[data-open-key]", form);
  if (box) box.hidden = workplace.isOpen();
}

/** Lists the keys that may sign. */
export async function offerSigning(form) {
  showSigning(form);
  const select = $("[data-open-key] [data-keys]", form);
  if (select) await offerKeys(select, isOwn);
}

/** Lets whoever is there open their key, where it is not open. */
export async function opened(form) {
  if (workplace.isOpen()) return;
  const password = $("[name=key-password]", form);
  await workplace.openKey(chosenKey($("[data-keys]", form)), password.value);
  password.value = "";
}

export async function startConfirm(form) {
  const { message } = form.dataset;
  form.addEventListener("htmx:confirm", async (event) => {
    if (!message || $("[name=signature]", form).value) return;
    event.preventDefault();
    try {
      await opened(form);
      const { signature } = await workplace.sign(message);
      $("[name=signature]", form).value = signature;
      event.detail.issueRequest(true);
    } catch (error) {
      showSigning(form);
      tell(form, why(error));
    }
  });
  await offerSigning(form);
  const wants = form.querySelector("[name=pin], [name=phrase]");
  if (form.dataset.auto !== undefined && !wants && (!message || workplace.isOpen())) form.requestSubmit();
}

/** Signs what the server prepared, and sends it back. */
export async function signedPost(url, form, fields) {
  const prepared = await post(url, fields);
  if (!prepared.envelope) return prepared;
  const more = { envelope: prepared.envelope };
  if (form.dataset.staff !== undefined) {
    await opened(form);
    more.signature = (await workplace.sign(prepared.message)).signature;
  }
  return post(url, { ...fields, ...more });
}

// ---- binding a certificate -----------------------------------------------------------------------------
export async function startBinding(form) {
  form.addEventListener("htmx:confirm", async (event) => {
    if ($("[name=proof]", form).value) return;
    event.preventDefault();
    try {
      const kept = (await workplace.container(form.dataset.key)) || (await workplace.carriedKey(form.dataset.key));
      if (!kept) throw failure("no-container");
      const password = $("[name=own-password]", form);
      const key = await workplace.unlock(kept, password.value);
      password.value = "";
      const { signature } = await key.sign(form.dataset.message);
      await key.close();
      $("[name=proof]", form).value = signature;
      event.detail.issueRequest(true);
    } catch (error) {
      tell(form, why(error));
    }
  });
}
