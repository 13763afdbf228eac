// Reads and writes documents beside the page, so that it stays awake and no document is whole in its memory.
import { instantiate } from "/assets/module.js";

const reader = new FileReaderSync();
let document = new Blob();
let at = 0;
let parts = [];
let whole = new Blob();

const files = {
  read(to) {
    try {
      const octets = new Uint8Array(reader.readAsArrayBuffer(document.slice(at, at + to.length)));
      to.set(octets);
      at += octets.length;
      postMessage({ progress: document.size ? at / document.size : 1 });
      return octets.length;
    } catch {
      return -1;
    }
  },
  rewind() {
    at = 0;
    parts = [];
    whole = new Blob();
    return 1;
  },
  write(from) {
    parts.push(from.slice());
    // what is large goes where the browser keeps files
    if (parts.length >= 128) flush();
    return 1;
  },
};

function flush() {
  whole = new Blob([whole, ...parts]);
  parts = [];
}

const asked = instantiate(files);

onmessage = async ({ data: { number, question, file } }) => {
  try {
    const ask = await asked;
    if (file) document = file;
    const answer = ask(question);
    flush();
    postMessage({ number, answer, made: whole });
  } catch (error) {
    files.rewind();
    postMessage({ number, code: error.code || "failed" });
  }
};
