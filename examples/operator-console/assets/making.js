// Making keys: in this browser, on a carrier of this computer, on a carrier of the server.
import * as agent from "/assets/agent.js";
import { $, failure, go, post, tell, why } from "/assets/page.js";
import { offerSigning, opened, showSigning, signedPost } from "/assets/signing.js";
import * as workplace from "/assets/workplace.js";

export async function startKey(form) {
  const pad = $(".pad", form);
  const bar = $("progress", form);
  const fields = () => Object.fromEntries(new FormData(form));
  const kind = () => new FormData(form).get("place").split(":")[0];
  const show = () => {
    const carrier = $("[name=place]:checked", form);
    form.querySelectorAll("[data-for]").forEach((part) => {
      part.hidden = !part.dataset.for.split(" ").includes(kind());
    });
    const own = carrier.dataset.ownPin !== undefined;
    form.querySelectorAll("[data-new-pin]").forEach((part) => (part.hidden = own));
    const sets = carrier.dataset.sets?.split(" ");
    const options = [...$("[name=set]", form).options];
    for (const option of options) option.disabled = Boolean(sets && !sets.includes(option.value));
    if (options.some((one) => one.selected && one.disabled)) $("[name=set] option:enabled", form).selected = true;
  };
  form.addEventListener("change", show);
  show();
  form.addEventListener("htmx:confirm", async (event) => {
    if (kind() === "file") return; // an ordinary form
    event.preventDefault();
    const button = $("button[type=submit]", form);
    button.disabled = true;
    try {
      tell(form, "");
      await PLACES[kind()](form, pad, bar, fields());
      await submitted(form, fields().csrf);
    } catch (error) {
      showSigning(form);
      tell(form, why(error));
    }
    pad.hidden = true;
    button.disabled = false;
  });
  agent.listen(form, () => listCarriers(form).then(show));
  await listCarriers(form);
  await offerSigning(form);
}

/** The carriers of this computer beside the other places. */
async function listCarriers(form) {
  const place = $("[data-carriers]", form);
  let all = [];
  try {
    if (agent.isPaired()) all = await agent.carriers();
  } catch (error) {
    tell(form, why(error));
  }
  place.replaceChildren(...all.map((carrier) => {
    const radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: "place", value: `agent:${carrier.id}` });
    if (carrier.pin.own) radio.dataset.ownPin = "";
    if (carrier.hardware_rng) radio.dataset.hardwareRng = "";
    radio.dataset.sets = carrier.sets.join(" ");
    const row = document.createElement("label");
    row.append(radio, ` ${carrier.label}${carrier.serial ? ` (${carrier.serial})` : ""}`);
    return row;
  }));
  if (!$("[name=place]:checked", form)) $("[name=place]", form).checked = true;
}

function checkedPassword(fields) {
  const password = fields.pin || "";
  if ([...password].length < 8) throw failure("short-password");
  if (password !== fields.pin_again) throw failure("passwords-differ");
  return password;
}

/** What a carrier wants before a key: the PIN that it has, or a new password; moves, where it has no generator. */
async function askedFor(form, pad, bar, fields, [take, begin]) {
  const { ownPin, hardwareRng } = $("[name=place]:checked", form).dataset;
  const own = ownPin !== undefined;
  if (!own) checkedPassword(fields);
  if (hardwareRng === undefined) await askMoves(pad, bar, take, begin);
  return own;
}

/** What the request of a key is made of. */
const requested = (form) => ({ subject: JSON.parse(form.dataset.subject), profile: JSON.parse(form.dataset.profile) });
const sendRequest = (form, { csrf }, request) => signedPost(`/certificates/${form.dataset.case}/key/browser`, form, { csrf, request });

async function keyHere(form, pad, bar, fields) {
  const password = checkedPassword(fields);
  await askMoves(pad, bar, async (events) => {
    return (await workplace.ask({ do: "collect", events })).percent;
  }, () => workplace.ask({ do: "begin" }));
  const own = form.dataset.own !== undefined;
  if (form.dataset.staff !== undefined) await opened(form);
  const made = await workplace.ask({ do: "make", set: fields.set, password, temporary: !own, ...requested(form) });
  await workplace.ask({ do: "close", key: made.key });
  // kept before the request is sent: a key is never lost by a broken line
  await workplace.keep(made.container, { name: form.dataset.owner, foreign: own ? "" : form.dataset.case });
  await sendRequest(form, fields, made.request);
}

async function keyOnCarrier(form, pad, bar, fields) {
  const take = async (events) => (await agent.moves(events)).percent;
  const own = await askedFor(form, pad, bar, fields, [take, () => agent.moves([])]);
  if (form.dataset.staff !== undefined) await opened(form);
  const made = await agent.make({
    carrier: fields.place.slice("agent:".length),
    container: form.dataset.case, // no name of a person
    set: fields.set,
    pin: fields.pin,
    new_pin: !own,
    temporary: !own && form.dataset.own === undefined,
    ...requested(form),
  });
  agent.awaitCertificate(made.public_key, made.key);
  await sendRequest(form, fields, made.request);
}

async function keyOnServer(form, pad, bar, fields) {
  const url = `/certificates/${form.dataset.case}/key/server`;
  const take = async (events) => (await post(url, { csrf: fields.csrf, moves: JSON.stringify(events) })).percent;
  const own = await askedFor(form, pad, bar, fields, [take, () => {}]);
  const [, store, id] = fields.place.split(":");
  const asked = { csrf: fields.csrf, store, carrier: id, set: fields.set, pin: fields.pin };
  if (own) asked.own_pin = "1";
  else asked.pin_again = fields.pin_again;
  if (fields.temporary) asked.temporary = "1";
  await signedPost(url, form, asked);
}

/** Where a key may be made: by the first word of the choice. */
const PLACES = { browser: keyHere, agent: keyOnCarrier, server: keyOnServer };

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
