// Containers of this browser, and certificates on their way to their keys.
import * as agent from "/assets/agent.js";
import { $, tell, texts, why } from "/assets/page.js";
import { chosenKey, listKeys, offerKeys, takeFiles } from "/assets/signing.js";
import * as workplace from "/assets/workplace.js";

/** V6: a certificate goes to its key, in this browser or on a carrier of this computer. */
export async function startContainer(card) {
  const { key, der } = card.dataset;
  const kept = key ? await workplace.container(key) : null;
  if (kept) return startKept(card, kept);
  const show = async () => {
    try {
      const carried = key ? await workplace.carriedKey(key) : null;
      if (!carried) return;
      if (carried.certificate !== der) await agent.install(carried.agent, der);
      await agent.installed(key);
      $("[data-carried]", card).hidden = false;
    } catch (error) {
      tell(card, why(error));
    }
    card.hidden = false;
  };
  agent.listen(card, show);
  await show();
}

/** V16: a key that was made for somebody else goes out of the browser. */
async function startKept(card, found) {
  let kept = found;
  card.hidden = false;
  $("[data-kept]", card).hidden = false;
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

/** What was saved to its owner's carrier leaves the browser with the page that made it. */
export async function wipeSaved() {
  const here = new Set([...document.querySelectorAll("[data-start=container]")].map((e) => e.dataset.key));
  for (const one of await workplace.containers()) {
    if (one.foreign && one.saved && !here.has(one.key)) await workplace.forget(one.key);
  }
}

/** Nobody leaves keys of others behind: they are saved, or removed. */
export async function signOut(event) {
  const form = event.currentTarget.form;
  event.preventDefault();
  await wipeSaved();
  const left = (await workplace.containers()).filter((one) => one.foreign && !one.saved);
  const leave = async () => {
    for (const one of left) await workplace.forget(one.key);
    await workplace.closeKey();
    await agent.leave();
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

/** The keys of this place: opened from files, put under another password. */
export async function startContainers(list) {
  const form = $("form", list);
  const select = $("select", form);
  await offerKeys(select);
  takeFiles(form, select, $("[name=old]", form));
  $("[data-change]", form).addEventListener("click", async () => {
    const [old, fresh] = [$("[name=old]", form), $("[name=new]", form)];
    try {
      await changePassword(chosenKey(select), old.value, fresh.value);
      old.value = fresh.value = "";
      await listKeys(select);
      tell(form, texts().changed);
    } catch (error) {
      tell(form, why(error));
    }
  });
}

async function changePassword(kept, old, fresh) {
  if (kept.agent) return agent.changePin(kept.agent, old, fresh);
  const asked = { do: "change-password", container: kept.container, old, new: fresh };
  const { container } = await workplace.ask(asked);
  return workplace.keep(container, kept);
}
