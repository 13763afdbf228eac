// What pages do by themselves. Pages come from the server whole; htmx swaps them without leaving the tab, so
// that an open key stays open.
import { startAgent } from "/assets/agent.js";
import { signOut, startContainer, startContainers, wipeSaved } from "/assets/containers.js";
import { DOCUMENTS } from "/assets/documents.js";
import { startKey } from "/assets/making.js";
import { $, refusal, tell, why } from "/assets/page.js";
import { startBinding, startConfirm, startSignIn } from "/assets/signing.js";
import * as workplace from "/assets/workplace.js";

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

/** A button of a form that gives a file, which is no page. */
function startDownload(button) {
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    const { form, formAction } = button;
    const body = new URLSearchParams(new FormData(form));
    try {
      const response = await fetch(formAction, { method: "POST", body });
      const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition"));
      if (!name) throw await refusal(response);
      workplace.save(name[1], await response.arrayBuffer());
      tell(form, "");
    } catch (error) {
      tell(form, why(error));
    }
  });
}

const STARTS = {
  download: startDownload,
  agent: startAgent,
  "sign-in": startSignIn,
  confirm: startConfirm,
  key: startKey,
  container: startContainer,
  containers: startContainers,
  bind: startBinding,
  check: startCheck,
  registration: startRegistration,
  document: (form) => DOCUMENTS[form.dataset.document](form),
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
