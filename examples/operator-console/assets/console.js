// What pages do by themselves. Pages come from the server whole; htmx swaps them without leaving the tab, so
// that an open key stays open.
import * as workplace from "/assets/workplace.js";

const texts = () => JSON.parse(document.getElementById("texts").textContent);
const say = (code) => texts()[code] || texts().failed;
const $ = (selector, within = document) => within.querySelector(selector);

function tell(form, text) {
  const place = $("[data-told]", form);
  if (place) {
    place.textContent = text;
    place.hidden = !text;
  }
}

async function post(url, fields) {
  const body = fields instanceof FormData ? new URLSearchParams(fields) : new URLSearchParams(fields);
  const response = await fetch(url, { method: "POST", body });
  if (response.redirected) return { redirected: response.url };
  const kind = response.headers.get("content-type") || "";
  if (!kind.includes("json")) {
    const html = await response.text();
    const told = new DOMParser().parseFromString(html, "text/html").querySelector("[data-says]");
    throw Object.assign(new Error(told ? told.textContent.trim() : response.statusText), { told: true });
  }
  return response.json();
}

const why = (error) => (error.told ? error.message : say(error.code));
const go = (url) => htmx.ajax("GET", url, { target: "body", swap: "innerHTML show:window:top" })
  .then(() => history.pushState({}, "", url));

// ---- containers to choose from -------------------------------------------------------------------------
async function listContainers(select, filter = () => true) {
  const usual = await workplace.usual();
  const all = (await workplace.containers()).filter(filter);
  select.replaceChildren(
    ...all.map((one) => {
      const option = document.createElement("option");
      option.value = one.key;
      const end = one.notAfter ? ` · ${one.notAfter.slice(0, 10)}` : "";
      option.textContent = (one.name || texts().unnamed) + end;
      option.selected = usual && usual.key === one.key;
      return option;
    }),
  );
  const none = all.length === 0;
  select.closest("form")?.querySelectorAll("[data-no-containers]").forEach((e) => (e.hidden = !none));
  select.disabled = none;
  return all;
}

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
function takeFiles(form, select, password, filter) {
  const input = $("input[type=file]", form);
  let waiting = null;
  const take = async () => {
    const kept = await readFile(waiting, password.value);
    waiting = null;
    input.value = "";
    await listContainers(select, filter);
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
async function startSignIn(form) {
  const select = $("select", form);
  const certified = (one) => one.certificate && !one.foreign;
  await workplace.closeKey();
  await listContainers(select, certified);
  const taken = takeFiles(form, select, $("[name=password]", form), certified);
  form.querySelectorAll("[data-demo]").forEach((button) =>
    button.addEventListener("click", async () => {
      const response = await fetch(`/demo/${button.dataset.demo}`);
      const kept = await workplace.keep(workplace.toBase64(await response.arrayBuffer()));
      await listContainers(select, certified);
      select.value = kept.key;
      $("[name=password]", form).value = button.dataset.password;
      form.requestSubmit();
    }),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    try {
      const password = $("[name=password]", form);
      await taken();
      const kept = await workplace.container(select.value);
      if (!kept) return tell(form, texts()["no-container"]);
      await workplace.openKey(kept, password.value);
      password.value = "";
      const { challenge, message } = await post("/sign-in/challenge", {});
      const { signature, algorithm } = await workplace.sign(message);
      const response = await fetch("/sign-in/certificate", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ challenge, certificate: kept.certificate, algorithm, signature }),
      });
      const answer = await response.json();
      if (answer.go) return go(answer.go);
      await workplace.closeKey();
      tell(form, answer.refused);
    } catch (error) {
      tell(form, why(error));
    }
  });
}

const signers = (one) => one.certificate && !one.foreign;

// ---- signing commands ----------------------------------------------------------------------------------
/** Lets whoever is there open their key, where it is not open. */
async function opened(form) {
  if (workplace.isOpen()) return;
  const select = $("[data-containers]", form);
  const password = $("[name=key-password]", form);
  const kept = await workplace.container(select.value);
  if (!kept) throw Object.assign(new Error(), { code: "no-container" });
  await workplace.openKey(kept, password.value);
  password.value = "";
}

async function startConfirm(form) {
  const message = form.dataset.message;
  const box = $("[data-open-key]", form);
  if (message && box) {
    box.hidden = workplace.isOpen();
    await listContainers($("[data-containers]", box), signers);
  }
  form.addEventListener("htmx:confirm", async (event) => {
    if (!message || $("[name=signature]", form).value) return;
    event.preventDefault();
    try {
      await opened(form);
      const { signature } = await workplace.sign(message);
      $("[name=signature]", form).value = signature;
      event.detail.issueRequest(true);
    } catch (error) {
      if (box) box.hidden = workplace.isOpen();
      tell(form, why(error));
    }
  });
  const wants = form.querySelector("[name=pin], [name=phrase]");
  if (form.dataset.auto !== undefined && !wants && (!message || workplace.isOpen())) form.requestSubmit();
}

/** Signs what the server prepared, and sends it back. */
async function signedPost(url, form, fields) {
  const prepared = await post(url, fields);
  if (!prepared.envelope) return prepared;
  const more = { envelope: prepared.envelope };
  if (form.dataset.staff !== undefined) {
    await opened(form);
    more.signature = (await workplace.sign(prepared.message)).signature;
  }
  return post(url, { ...fields, ...more });
}

// ---- making keys ---------------------------------------------------------------------------------------
async function startKey(form) {
  const pad = $(".pad", form);
  const bar = $("progress", form);
  const box = $("[data-open-key]", form);
  const fields = () => Object.fromEntries(new FormData(form));
  const place = () => new FormData(form).get("place");
  const show = () => {
    const [kind] = place().split(":");
    const carrier = $(`[name=place]:checked`, form);
    form.querySelectorAll("[data-for]").forEach((part) => {
      part.hidden = !part.dataset.for.split(" ").includes(kind);
    });
    const own = carrier.dataset.ownPin !== undefined;
    form.querySelectorAll("[data-new-pin]").forEach((part) => (part.hidden = own));
  };
  form.addEventListener("change", show);
  show();
  if (box) {
    box.hidden = workplace.isOpen();
    await listContainers($("[data-containers]", box), signers);
  }
  form.addEventListener("htmx:confirm", async (event) => {
    const [kind] = place().split(":");
    if (kind === "file") return; // an ordinary form
    event.preventDefault();
    const button = $("button[type=submit]", form);
    button.disabled = true;
    try {
      tell(form, "");
      await PLACES[kind](form, pad, bar, fields());
      await submitted(form, fields().csrf);
    } catch (error) {
      if (box) box.hidden = workplace.isOpen();
      tell(form, why(error));
    }
    pad.hidden = true;
    button.disabled = false;
  });
}

function checkedPassword(fields) {
  const password = fields.pin || "";
  if ([...password].length < 8) throw Object.assign(new Error(), { code: "short-password" });
  if (password !== fields.pin_again) throw Object.assign(new Error(), { code: "passwords-differ" });
  return password;
}

async function keyHere(form, pad, bar, fields) {
  const password = checkedPassword(fields);
  await askMoves(pad, bar, async (events) => {
    return (await workplace.ask({ do: "collect", events })).percent;
  }, () => workplace.ask({ do: "begin" }));
  const own = form.dataset.own !== undefined;
  if (form.dataset.staff !== undefined) await opened(form);
  const made = await workplace.ask({
    do: "make",
    set: fields.set,
    password,
    temporary: !own,
    subject: JSON.parse(form.dataset.subject),
    profile: JSON.parse(form.dataset.profile),
  });
  await workplace.ask({ do: "close", key: made.key });
  // kept before the request is sent: a key is never lost by a broken line
  await workplace.keep(made.container, { name: form.dataset.owner, foreign: own ? "" : form.dataset.case });
  const url = `/certificates/${form.dataset.case}/key/browser`;
  await signedPost(url, form, { csrf: fields.csrf, request: made.request });
}

async function keyThere(form, pad, bar, fields) {
  const carrier = $(`[name=place]:checked`, form);
  const own = carrier.dataset.ownPin !== undefined;
  if (!own) checkedPassword(fields);
  const url = `/certificates/${form.dataset.case}/key/server`;
  if (carrier.dataset.hardwareRng === undefined) {
    await askMoves(pad, bar, async (events) => {
      return (await post(url, { csrf: fields.csrf, moves: JSON.stringify(events) })).percent;
    }, () => {});
  }
  const [, store, id] = fields.place.split(":");
  const asked = { csrf: fields.csrf, store, carrier: id, set: fields.set, pin: fields.pin };
  if (own) asked.own_pin = "1";
  else asked.pin_again = fields.pin_again;
  if (fields.temporary) asked.temporary = "1";
  await signedPost(url, form, asked);
}

/** Where a key may be made: by the first word of the choice. */
const PLACES = { browser: keyHere, server: keyThere };

/** Step 9: the certificate comes by itself, and goes into its container (V6). */
async function submitted(form, csrf) {
  const { case: id, user } = form.dataset;
  await signedPost(`/certificates/${id}/submit`, form, { csrf });
  go(`/users/${user}/certificates?new=${id}`);
}

async function askMoves(pad, bar, take, begin) {
  await begin();
  pad.hidden = false;
  bar.value = 0;
  pad.scrollIntoView({ block: "center" });
  await workplace.collect(pad, take, (percent) => (bar.value = percent));
}

// ---- the card of a certificate -------------------------------------------------------------------------
/** V6: a certificate whose key is in this browser goes into its container; V16: and out of the browser. */
async function startContainer(card) {
  let kept = card.dataset.key ? await workplace.container(card.dataset.key) : null;
  card.hidden = !kept;
  if (!kept) return;
  if (kept.certificate !== card.dataset.der) kept = await workplace.install(kept, card.dataset.der);
  $("[data-bound]", card).hidden = false;
  const forget = $("[data-forget]", card);
  forget.disabled = Boolean(kept.foreign && !kept.saved);
  const saved = async (name, octets, type) => {
    workplace.save(`${card.dataset.name}.${name}`, octets, type);
    kept = await workplace.mark(kept, { saved: true });
    forget.disabled = false;
  };
  $("[data-save]", card).addEventListener("click", () => saved("key", workplace.fromBase64(kept.container)));
  $("[data-export]", card).addEventListener("click", async () => {
    const { pem } = await workplace.ask({ do: "export", container: kept.container });
    await saved("pem", pem, "application/x-pem-file");
  });
  $("[data-pfx]", card)?.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const password = $("[name=pfx-password]", card);
    try {
      const asked = { do: "export-pfx", container: kept.container, password: password.value };
      const { pfx } = await workplace.ask(asked);
      tell(card, "");
      await saved("pfx", workplace.fromBase64(pfx), "application/x-pkcs12");
    } catch (error) {
      tell(card, why(error));
    }
    password.value = "";
  });
  forget.addEventListener("click", async () => {
    await workplace.forget(kept.key);
    card.hidden = true;
  });
}

// ---- keys of others (V16) ------------------------------------------------------------------------------
/** What was saved to its owner's carrier leaves the browser with the page that made it. */
async function wipeSaved() {
  const here = new Set([...document.querySelectorAll("[data-start=container]")].map((e) => e.dataset.key));
  for (const one of await workplace.containers()) {
    if (one.foreign && one.saved && !here.has(one.key)) await workplace.forget(one.key);
  }
}

/** Nobody leaves keys of others behind: they are saved, or removed. */
async function signOut(event) {
  const form = event.currentTarget.form;
  event.preventDefault();
  await wipeSaved();
  const left = (await workplace.containers()).filter((one) => one.foreign && !one.saved);
  const leave = async () => {
    for (const one of left) await workplace.forget(one.key);
    await workplace.closeKey();
    sessionStorage.clear();
    form.requestSubmit();
  };
  if (left.length === 0) return leave();
  const dialog = document.getElementById("left-keys");
  $("ul", dialog).replaceChildren(...left.map((one) => {
    const link = document.createElement("a");
    link.href = `/certificates/${one.foreign}`;
    link.textContent = one.name || texts().unnamed;
    const row = document.createElement("li");
    row.append(link);
    return row;
  }));
  $("[data-stay]", dialog).onclick = () => dialog.close();
  $("[data-remove]", dialog).onclick = leave;
  dialog.showModal();
}

// ---- binding a certificate -----------------------------------------------------------------------------
async function startBinding(form) {
  form.addEventListener("htmx:confirm", async (event) => {
    if ($("[name=proof]", form).value) return;
    event.preventDefault();
    try {
      const kept = await workplace.container(form.dataset.key);
      if (!kept) throw Object.assign(new Error(), { code: "no-container" });
      const password = $("[name=own-password]", form);
      const { key } = await workplace.ask({ do: "open", container: kept.container, password: password.value });
      password.value = "";
      const { signature } = await workplace.ask({ do: "sign", key, message: form.dataset.message });
      await workplace.ask({ do: "close", key });
      $("[name=proof]", form).value = signature;
      event.detail.issueRequest(true);
    } catch (error) {
      tell(form, why(error));
    }
  });
}

// ---- the containers of this browser --------------------------------------------------------------------
async function startContainers(list) {
  const form = $("form", list);
  const select = $("select", form);
  await listContainers(select);
  takeFiles(form, select, $("[name=old]", form));
  $("[data-change]", form).addEventListener("click", async () => {
    try {
      const kept = await workplace.container(select.value);
      const [old, fresh] = [$("[name=old]", form), $("[name=new]", form)];
      const { container } = await workplace.ask({
        do: "change-password", container: kept.container, old: old.value, new: fresh.value,
      });
      old.value = fresh.value = "";
      await workplace.keep(container, kept);
      tell(form, texts().changed);
    } catch (error) {
      tell(form, why(error));
    }
  });
}

// ---- the check of the workplace ------------------------------------------------------------------------
async function startCheck(list) {
  const checks = {
    "secure-context": async () => window.isSecureContext,
    webassembly: async () => (await workplace.ask({ do: "close" })).answer === "closed",
    indexeddb: async () => Array.isArray(await workplace.containers()),
    randomness: async () => crypto.getRandomValues(new Uint8Array(16)).some((octet) => octet !== 0),
    clock: async () => {
      const { now } = await (await fetch("/time")).json();
      return Math.abs(Date.now() - now) < 120_000;
    },
    pointer: async () => "PointerEvent" in window,
  };
  for (const row of list.querySelectorAll("[data-check]")) {
    let good = false;
    try {
      good = await checks[row.dataset.check]();
    } catch {
      good = false;
    }
    row.classList.add(good ? "check-ok" : "check-bad");
    const remedy = $("[data-remedy]", row);
    if (remedy) remedy.hidden = good;
  }
}

// ---- forms that are kind -------------------------------------------------------------------------------
function startRegistration(form) {
  const kind = $('[name="f.kind"]', form);
  const show = () => {
    for (const field of form.querySelectorAll("[data-kinds]")) {
      const has = field.dataset.kinds.split(" ").includes(kind.value);
      const must = field.dataset.obligatory.split(" ").includes(kind.value);
      field.hidden = !has;
      field.querySelectorAll("input, select").forEach((input) => (input.disabled = !has));
      $("span", field)?.classList.toggle("must", must);
    }
    for (const section of form.querySelectorAll("fieldset[data-section]")) {
      section.hidden = !section.querySelector("[data-kinds]:not([hidden])");
    }
  };
  kind.addEventListener("change", show);
  show();
  keepUnsaved(form);
  knowOrganization(form);
  $("[aria-invalid=true]", form)?.focus();
}

/** U11: a known organisation is filled in from its INN. */
function knowOrganization(form) {
  const inn = $('[name="f.organization_inn"]', form);
  inn?.addEventListener("change", async () => {
    const digits = inn.value.replace(/\D/g, "");
    if (!/^\d{10}(\d\d)?$/.test(digits)) return;
    const response = await fetch(`/organizations/${digits}`);
    if (!response.ok) return;
    for (const [key, value] of Object.entries(await response.json())) {
      const field = form.elements.namedItem(`f.${key}`);
      if (field && !field.value) field.value = value;
    }
  });
}

/** U11: what was typed survives the end of a session and Back; nobody else sees it. */
function keepUnsaved(form) {
  const user = document.getElementById("main").dataset.user;
  const place = `unsaved:${user}:${location.pathname}`;
  const saved = sessionStorage.getItem(place);
  if (saved && form.dataset.fresh !== undefined) {
    for (const [name, value] of Object.entries(JSON.parse(saved))) {
      const field = form.elements.namedItem(name);
      if (field && !field.value && name !== "csrf") field.value = value;
    }
  }
  form.addEventListener("input", () => {
    const fields = Object.fromEntries(new FormData(form));
    delete fields.csrf;
    sessionStorage.setItem(place, JSON.stringify(fields));
  });
}

const STARTS = {
  "sign-in": startSignIn,
  confirm: startConfirm,
  key: startKey,
  container: startContainer,
  containers: startContainers,
  bind: startBinding,
  check: startCheck,
  registration: startRegistration,
};

function start() {
  // the address is that of a page that can be loaded again: where a form leads, not where it was sent
  document.querySelectorAll("form[method=post]").forEach((form) => form.setAttribute("hx-push-url", "false"));
  wipeSaved();
  for (const link of document.querySelectorAll("nav.menu a, nav.tabs a")) {
    const path = link.getAttribute("href");
    if (path === location.pathname || (path !== "/" && path.split("/").length === 2 && location.pathname.startsWith(`${path}/`))) {
      link.setAttribute("aria-current", "page");
    }
  }
  document.querySelectorAll("[data-here]").forEach((field) => (field.value = location.pathname + location.search));
  document.querySelectorAll("[data-sign-out]").forEach((b) => b.addEventListener("click", signOut));
  for (const element of document.querySelectorAll("[data-start]:not([data-started])")) {
    element.dataset.started = "1";
    STARTS[element.dataset.start](element);
  }
  document.querySelectorAll("[data-print]").forEach((b) => b.addEventListener("click", () => print()));
  document.querySelectorAll("[data-all]").forEach((all) =>
    all.addEventListener("change", () => {
      document.querySelectorAll(`[name=${all.dataset.all}]`).forEach((one) => (one.checked = all.checked));
    }),
  );
}

document.addEventListener("htmx:afterSettle", start);
// failures are pages, too
document.addEventListener("htmx:beforeSwap", (event) => {
  event.detail.shouldSwap = true;
  event.detail.isError = false;
  const { elt } = event.detail.requestConfig;
  const came = new URL(event.detail.xhr.responseURL);
  if (elt.method === "post" && came.pathname !== new URL(elt.action).pathname) {
    history.pushState({}, "", came.pathname + came.search);
  }
});
start();
document.documentElement.dataset.ready = "1";
