// Search by voice: the microphone beside the search box. The recording goes to the shop alone, which does not keep it.

import { h, fill, announce } from "./dom.js";
import { listen, shopSettings } from "./api.js";
import { searchAddress } from "./address.js";
import { canRecord, startRecording } from "./recorder.js";

/** Shows the microphone in shops that listen, to browsers that can record. */
export function attachVoiceSearch(form, navigate) {
  const button = form.querySelector(".search-voice");
  const panel = form.querySelector(".voice-panel");
  const input = form.querySelector("#search-input");
  const isThere = shopSettings().listens === true && canRecord();
  // Starting, recording or asking; null in between.
  let state = null;
  let recording = null;
  let shown = "";

  function show(next, ...content) {
    state = next;
    button.setAttribute("aria-pressed", String(next === "recording"));
    button.setAttribute("aria-label", next === "recording" ? "Stop listening and search" : "Search by voice");
    form.classList.toggle("is-listening", next === "recording");
    panel.hidden = content.length === 0;
    fill(panel, content);
  }

  function say(sentence) {
    show(null, h("p", null, sentence));
    announce(sentence);
  }

  async function start() {
    show("starting", h("p", null, "Waiting for the microphone…"));
    try {
      recording = await startRecording(finish);
    } catch (error) {
      recording = null;
      say(refusal(error));
      return;
    }
    if (state !== "starting") { cancel(); return; }
    show("recording", h("p", null, h("span", { class: "voice-light", "aria-hidden": "true" }), "Listening: say what you look for."));
    announce("Listening.");
  }

  async function finish() {
    if (state !== "recording") return;
    const mine = recording;
    recording = null;
    show("asking", h("p", null, "Understanding…"));
    try {
      const heard = await listen(await mine.finish());
      if (state === "asking") found(heard);
    } catch (error) {
      if (state === "asking") say(error.message);
    }
  }

  function cancel() {
    recording?.cancel();
    recording = null;
    show(null);
  }

  function found({ text, alternatives }) {
    if (!text) { say("Nothing was heard: try again, a little louder."); return; }
    const others = alternatives.map((other) => h("a", { class: "voice-other", href: searchAddress({ q: other }), onclick: () => show(null) }, other));
    show(null, ...(others.length > 0 ? [h("p", null, "Heard “", h("b", null, text), "”. Or was it:"), h("p", { class: "voice-others" }, others)] : []));
    announce(`Heard: ${text}.`);
    input.value = text;
    shown = searchAddress({ q: text });
    navigate(shown);
  }

  button.hidden = !isThere;
  form.classList.toggle("has-voice", isThere);
  if (!isThere) return;
  button.addEventListener("click", () => {
    if (state === null) start();
    else if (state === "recording") finish();
    else cancel();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    event.preventDefault();
    cancel();
    announce("Voice search is closed.");
  });
  // What was heard belongs to the results of that search.
  addEventListener("hashchange", () => { if (state === null && !panel.hidden && location.hash !== shown) show(null); });
  // Who types goes on without the panel.
  input.addEventListener("input", () => { if (!panel.hidden) cancel(); });
}

function refusal(error) {
  if (error.name === "NotAllowedError") return "The microphone may not be used: allow it for this page in the browser, or type.";
  if (error.name === "NotFoundError") return "No microphone was found.";
  return "The microphone cannot be used.";
}
